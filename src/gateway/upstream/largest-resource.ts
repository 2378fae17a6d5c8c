import { DEFAULT_BODY_LIMITS } from '../../interactions/formats/body-limits.js';

/** What a server may add: `meta`, links, and a blank after each of a million names and values. */
const ADDED_BYTES = 4 * 1024 * 1024;

/** Bytes that a resource has at most when it is answered: what may be written, and what the server adds. */
export const LARGEST_RESOURCE_BYTES = DEFAULT_BODY_LIMITS.maxBytes + ADDED_BYTES;
