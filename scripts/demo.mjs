import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
ensureBuilt({ typeErrors: 'refuse' });

// Imported late, because it needs what was just installed.
const { runDemo } = await import('./demo/run-demo.mjs');
process.exit(await runDemo({ isStepwise: process.argv.includes('--step') }));
