// Send: tus-js-client itself, uploading one file until it is through.
import { readFileSync } from 'node:fs';
import * as tus from 'tus-js-client';

const asked = JSON.parse(process.argv[2]);
let tries = 0;
const upload = new tus.Upload(readFileSync(asked.file), {
  endpoint: asked.endpoint,
  chunkSize: asked.chunkSize,
  metadata: asked.metadata,
  headers: { Authorization: `Bearer ${asked.token}` },
  retryDelays: Array(60).fill(20),
  onBeforeRequest: () => { tries += 1; },
  onError: (error) => {
    const status = error.originalResponse?.getStatus() ?? null;
    console.log(JSON.stringify({ done: false, status, tries }));
  },
  onSuccess: () => console.log(JSON.stringify({ done: true, url: upload.url, tries })),
});
upload.start();
