// Window: what libraries made for browsers look for; `import '…/window.mjs'` before them.
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('');
const NAMES = [
  'Attr', 'CDATASection', 'Comment', 'DOMParser', 'Document', 'Element', 'Node', 'NodeFilter',
  'Text', 'XMLSerializer', 'XPathResult', 'document',
];
globalThis.window ??= window;
for (const name of NAMES) globalThis[name] ??= window[name];
globalThis.__dirname ??= '/'; // @getodk/xforms-engine asks for it at import
