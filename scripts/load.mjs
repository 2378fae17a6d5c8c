import { runCommand } from './run-command.mjs';

await runCommand('load-command.js');
