// Runs models in ONNX Runtime: node run_models.js JOBS.json. Each job names a model file, raw input files
// with name, type and dims, and the raw file that the first output is written to.
const fs = require('fs');
const ort = require('onnxruntime-node');

const arrays = {float32: Float32Array, int64: BigInt64Array, int32: Int32Array, uint8: Uint8Array};

function tensorOf(input) {
  const bytes = fs.readFileSync(input.file);
  const Type = arrays[input.type];
  return new ort.Tensor(input.type, new Type(bytes.buffer, bytes.byteOffset, bytes.length / Type.BYTES_PER_ELEMENT), input.dims);
}

async function run(job) {
  const session = await ort.InferenceSession.create(job.model, {
    intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3});
  const feeds = {};
  for (const input of job.inputs) feeds[input.name] = tensorOf(input);
  const output = (await session.run(feeds))[session.outputNames[0]];
  const data = Float32Array.from(output.data);
  fs.writeFileSync(job.output, Buffer.from(data.buffer));
  return {dims: output.dims};
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
