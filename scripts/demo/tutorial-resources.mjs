import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../install.mjs';

const FOLDER = join(ROOT, 'docker/keycloak');
const PRINTED_ORIGINS = /http:\/\/(localhost|keycloak):8180/g;

/** A resource as the tutorial prints it, with the provider's address in place of the printed ones. */
export function tutorialResource(name, origin) {
  return readFileSync(join(FOLDER, `${name}.yaml`), 'utf8').replace(PRINTED_ORIGINS, origin);
}
