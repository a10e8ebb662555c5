// SPDX-License-Identifier: GPL-3.0-or-later
// Runs models in ONNX Runtime: node run_models.js JOBS.json. Each job names a model file, raw input files
// with name, type and dims, the raw file that the outputs are written to one after the other, as floats, how
// far the model is rewritten first (disabled, basic, extended, all) and on how many threads it runs.
// A job with frames feeds its first input frame by frame, and some outputs back to inputs.
const fs = require('fs');
const ort = require('onnxruntime-node');

const arrays = {
  float32: Float32Array, float64: Float64Array, float16: Uint16Array, int64: BigInt64Array, uint64: BigUint64Array,
  int32: Int32Array, uint32: Uint32Array, int16: Int16Array, uint16: Uint16Array, int8: Int8Array, uint8: Uint8Array,
  bool: Uint8Array};

function tensorOf(input) {
  const bytes = fs.readFileSync(input.file);
  const Type = arrays[input.type];
  return new ort.Tensor(input.type, new Type(bytes.buffer, bytes.byteOffset, bytes.length / Type.BYTES_PER_ELEMENT), input.dims);
}

/// The bits of a 16-bit float as the number that they stand for.
function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24);
}

function floatsOf(tensor) {
  const halves = tensor.type === 'float16' && tensor.data instanceof Uint16Array;
  return Float32Array.from(tensor.data, halves ? fromHalf : Number);
}

function frameOf(tensor, i) {
  const dims = tensor.dims.slice(1), size = dims.reduce((a, b) => a * b, 1);
  return new ort.Tensor(tensor.type, tensor.data.slice(i * size, (i + 1) * size), dims);
}

/// Jobs of one model, level and number of threads follow each other: it is opened once for them.
const opened = {key: null, session: null};
async function sessionOf(job) {
  const key = `${job.level} ${job.threads} ${job.model}`;
  if (opened.key !== key) {
    opened.key = null;
    if (opened.session) await opened.session.release();
    opened.session = await ort.InferenceSession.create(job.model, {
      graphOptimizationLevel: job.level, intraOpNumThreads: job.threads, interOpNumThreads: 1, logSeverityLevel: 3,
      extra: {session: {intra_op: {allow_spinning: '0'}}}});
    opened.key = key;
  }
  return opened.session;
}

async function run(job) {
  const session = await sessionOf(job);
  const feeds = {};
  for (const input of job.inputs) feeds[input.name] = tensorOf(input);
  const sequence = job.framed ? feeds[job.inputs[0].name] : null;
  const parts = session.outputNames.map(() => []);
  let results = null;
  for (let i = 0; i < (sequence ? sequence.dims[0] : 1); ++i) {
    if (sequence) feeds[job.inputs[0].name] = frameOf(sequence, i);
    results = await session.run(feeds);
    session.outputNames.forEach((name, k) => {
      const data = floatsOf(results[name]);
      parts[k].push(Buffer.from(data.buffer));
    });
    for (const [from, to] of job.feedback) feeds[to] = results[from];
  }
  fs.writeFileSync(job.output, Buffer.concat(parts.flat()));
  return {dims: session.outputNames.map((name) => (sequence ? [sequence.dims[0]] : []).concat(results[name].dims))};
}

(async () => {
  const jobs = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
  const results = [];
  for (const job of jobs) {
    try {
      results.push(await run(job));
    } catch (error) {
      results.push({error: String(error.message || error)});
    }
  }
  fs.writeFileSync(process.argv[2] + '.out', JSON.stringify(results));
})();
