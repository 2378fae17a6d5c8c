import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiParam, ApiQuery } from '@nestjs/swagger';
import { DescribesBundle } from './described-interaction.js';

const FORM = { schema: { type: 'object', properties: { _id: { type: 'string' } } } };
const TYPES = {
  name: '_type',
  description: 'The types to search; each is decided on its own',
  example: 'Observation,Condition',
};

/** Describes a search that takes its parameters as a form. */
export function TakesForm(): MethodDecorator {
  return applyDecorators(ApiConsumes('application/x-www-form-urlencoded'), ApiBody(FORM));
}

/** Describes a search of several types. */
export function DescribesSystemSearch(): MethodDecorator {
  return applyDecorators(DescribesBundle('Search several types', []), ApiQuery(TYPES));
}

/** Describes a search of several types by a form. */
export function DescribesSystemSearchByForm(): MethodDecorator {
  return applyDecorators(DescribesBundle('Search several types by a form', []), TakesForm());
}

/** Describes a search in a compartment. */
export function DescribesCompartmentSearch(summary = 'Search a compartment'): MethodDecorator {
  return applyDecorators(
    ApiParam({ name: 'type', description: 'Whose compartment', example: 'Patient' }),
    ApiParam({ name: 'id', example: 'p1' }),
    ApiParam({ name: 'member', description: 'The type to search', example: 'Observation' }),
    DescribesBundle(summary, [404]),
  );
}

/** Describes a search in a compartment by a form. */
export function DescribesCompartmentSearchByForm(): MethodDecorator {
  return applyDecorators(DescribesCompartmentSearch('Search a compartment by a form'), TakesForm());
}
