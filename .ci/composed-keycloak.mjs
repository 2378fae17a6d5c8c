import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

// What docker-compose.yml says of Keycloak, so that it is this which is tested:
//   node .ci/composed-keycloak.mjs version|environment
const { image, environment } = parse(readFileSync('docker-compose.yml', 'utf8')).services.keycloak;
const answers = {
  version: () => image.split(':').at(-1),
  environment: () =>
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
};
console.log(answers[process.argv[2]]());
