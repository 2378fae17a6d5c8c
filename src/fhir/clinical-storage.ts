import { Injectable } from '@nestjs/common';
import { SearchIndex } from '../interactions/search/index/search-index.js';
import { ResourceStores } from '../interactions/storage/resource-stores.js';
import { ReferenceIntegrity } from './integrity/reference-integrity.js';
import { AdmittedWork } from '../interactions/storage/unit-of-work.js';

/** Where clinical resources are kept, and how they are written and found again. */
@Injectable()
export class ClinicalStorage {
  constructor(
    readonly stores: ResourceStores,
    readonly unitOfWork: AdmittedWork,
    readonly index: SearchIndex,
    readonly integrity: ReferenceIntegrity,
  ) {}
}
