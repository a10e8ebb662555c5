// SPDX-License-Identifier: GPL-3.0-or-later
// Runs many models over the same samples in ONNX Runtime: node scan_models.js SAMPLES.raw TYPE DIMS THREADS,
// then every line "BATCH MODEL" on standard input gives a line: the seconds of making the session and of
// running all samples, and the top-1 of each.
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const ort = require(path.join(__dirname, '..', 'interop', 'node_modules', 'onnxruntime-node'));

function appendTop1(scores, rows, top1) {
  const classes = scores.length / rows;
  for (let row = 0; row < rows; ++row) {
    let best = 0;
    for (let k = 1; k < classes; ++k)
      if (scores[row * classes + k] > scores[row * classes + best]) best = k;
    top1.push(best);
  }
}

(async () => {
  const [raw, type, dims, threads] = process.argv.slice(2);
  const shape = dims.split(',').map(Number);
  const bytes = fs.readFileSync(raw);
  const Type = {float32: Float32Array, float16: Uint16Array, int64: BigInt64Array}[type];
  const data = new Type(bytes.buffer, bytes.byteOffset, bytes.length / Type.BYTES_PER_ELEMENT);
  const each = data.length / shape[0];
  for await (const line of readline.createInterface({input: process.stdin})) {
    const space = line.indexOf(' ');
    const batch = Number(line.slice(0, space));
    const start = process.hrtime.bigint();
    const session = await ort.InferenceSession.create(line.slice(space + 1), {
      intraOpNumThreads: Number(threads), interOpNumThreads: 1, logSeverityLevel: 3});
    const top1 = [];
    for (let at = 0; at < shape[0]; at += batch) {
      const rows = Math.min(batch, shape[0] - at);
      const part = data.subarray(at * each, (at + rows) * each);
      const results = await session.run(
        {[session.inputNames[0]]: new ort.Tensor(type, part, [rows, ...shape.slice(1)])});
      appendTop1(results[session.outputNames[0]].data, rows, top1);
    }
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    process.stdout.write(`${seconds} ${top1.join(' ')}\n`);
    await session.release();
  }
})();
