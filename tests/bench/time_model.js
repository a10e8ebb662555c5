// SPDX-License-Identifier: GPL-3.0-or-later
// Times a model in ONNX Runtime on request: node time_model.js MODEL INPUT.raw TYPE DIMS THREADS, then a
// line "run" on standard input gives a line with the seconds of one run.
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const ort = require(path.join(__dirname, '..', 'interop', 'node_modules', 'onnxruntime-node'));

(async () => {
  const [model, raw, type, dims, threads] = process.argv.slice(2);
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: Number(threads), interOpNumThreads: 1, logSeverityLevel: 3});
  const bytes = fs.readFileSync(raw);
  const Type = {float32: Float32Array, float16: Uint16Array, int64: BigInt64Array}[type];
  const data = new Type(bytes.buffer, bytes.byteOffset, bytes.length / Type.BYTES_PER_ELEMENT);
  const feeds = {[session.inputNames[0]]: new ort.Tensor(type, data, dims.split(',').map(Number))};
  await session.run(feeds);
  for await (const line of readline.createInterface({input: process.stdin})) {
    if (line !== 'run') break;
    const start = process.hrtime.bigint();
    await session.run(feeds);
    process.stdout.write(`${Number(process.hrtime.bigint() - start) / 1e9}\n`);
  }
})();
