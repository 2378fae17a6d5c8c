import { WideReads } from './wide-reads.js';

/** Where searches of clinical resources are carried out; a replica may take part in it. */
export abstract class ClinicalReads extends WideReads {}
