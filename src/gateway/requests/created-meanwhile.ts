import { ConditionNotMet } from '../../interactions/bundle/bundle-errors.js';

/**
 * Others have created what matches an update by criteria after it was looked for: 412. The upstream, which
 * was told to create unless something matches, has kept theirs and written nothing.
 */
export class CreatedMeanwhile extends ConditionNotMet {
  constructor() {
    super(
      'conflict',
      'What matches was created by others meanwhile; nothing was written, try again',
    );
  }
}

/** Whether the status of a conditional create that went well says that nothing was created. */
export function isNothingCreated(status: number): boolean {
  return status >= 200 && status < 300 && status !== 201;
}
