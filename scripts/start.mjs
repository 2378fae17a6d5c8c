import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, ROOT } from './install.mjs';

ensureInstalled();
ensureBuilt({ typeErrors: 'refuse' });
process.setSourceMapsEnabled(true);

// In this very process, so that a signal reaches the server and its exit status the caller.
await import(pathToFileURL(join(ROOT, 'dist/src/main.js')).href);
