// Bucket: an S3 service on a free port, with one bucket; prints its address.
import S3rver from 's3rver';

const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory: process.argv[2],
  configureBuckets: [{ name: 'weft', configs: [] }],
});
const { port } = await server.run();
console.log(`http://127.0.0.1:${port}`);
