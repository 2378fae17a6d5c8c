import { runCommand } from './run-command.mjs';

await runCommand('policy-command.js');
