// Preload: scripts find npm's packages wherever they stand, and reach nothing but this machine.
import { createRequire, registerHooks } from 'node:module';
import { Socket } from 'node:net';
import { pathToFileURL } from 'node:url';

const HERE = new URL('./preload.mjs', import.meta.url).href;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

registerHooks({
  resolve(name, context, next) {
    try {
      return next(name, context);
    } catch (error) {
      if (/^[./]|^\w+:/.test(name)) throw error;
    }
    try {
      return next(name, { ...context, parentURL: HERE });
    } catch { // a folder, which bundlers would take
      return next(pathToFileURL(createRequire(HERE).resolve(name)).href, context);
    }
  },
});

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...words) {
  const asked = Array.isArray(words[0]) ? words[0][0] : words[0];
  const host = typeof asked === 'object' ? asked.host : words[1];
  if (!asked?.path && typeof host === 'string' && !LOOPBACK.has(host)) {
    throw new Error(`A test reaches for ${host}: only this machine is allowed.`);
  }
  return connect.apply(this, words);
};
