import type { GuardedRequest } from '../../access/guarded-request.js';
import { ANONYMOUS } from '../../identity/caller.js';

const nobody: GuardedRequest = {
  incoming: {
    id: 'gateway',
    method: 'get',
    path: '/fhir/metadata',
    queryString: undefined,
    family: 'fhir',
    query: {},
    routeParams: {},
    contentType: undefined,
    includedTypes: [],
    peer: { remoteAddr: '', scheme: 'http', headers: {} },
  },
  caller: ANONYMOUS,
};

/** For whom the gateway asks the upstream of its own accord: nobody's token and name go along. */
export const NOBODY = Object.freeze(nobody);
