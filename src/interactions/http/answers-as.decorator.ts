import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link AnswersAs}. */
export const ANSWERS_AS = 'wardgate:answers-as';

/**
 * Gives what a route answers one media type, whatever `Accept` says, and sends its text as it is: for answers
 * that are no resources.
 */
export const AnswersAs = (mediaType: string): MethodDecorator => SetMetadata(ANSWERS_AS, mediaType);
