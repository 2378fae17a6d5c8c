import { BadRequest } from '../../../errors/fhir-error.js';
import { Bindings } from '../search-query.js';

/** A condition over a row of the table of clinical resources, given its alias. */
export type RowCondition = (row: string, statement: SearchStatement) => string;

/** Which resources a search may touch at all. */
export interface RowFilter {
  /** What a resource of the type has to meet besides; `undefined` where nothing is asked. */
  conditionFor(type: string): RowCondition | undefined;
}

/** Every resource of the types that were allowed. */
export const EVERY_ROW: RowFilter = { conditionFor: () => undefined };

/** PostgreSQL takes 65,535. */
const MAX_BINDINGS = 20_000;

/** One SQL statement in the making: what is bound to it, and which rows it may see. */
export class SearchStatement extends Bindings {
  private aliases = 0;

  constructor(private readonly filter: RowFilter) {
    super();
  }

  /** @throws BadRequest 400 when a search compares with more values than a statement can hold */
  override bind(value: unknown): string {
    if (this.values.length === MAX_BINDINGS) {
      throw new BadRequest('The search compares with too many values', 'too-costly');
    }
    return super.bind(value);
  }

  /** A name that the statement does not have yet. */
  alias(): string {
    this.aliases += 1;
    return `t${this.aliases}`;
  }

  /**
   * The condition under which a row of the table of resources may be seen. Every place that names the table
   * has it: matches, what chains and `_has` pass through, what is included, totals and pages.
   */
  visible(row: string, types: readonly string[]): string {
    const free = types.filter((type) => !this.filter.conditionFor(type));
    const filtered = types.flatMap((type) => {
      const condition = this.filter.conditionFor(type);
      return condition ? [`${this.isOfType(row, [type])} AND (${condition(row, this)})`] : [];
    });
    const all = free.length === 0 ? filtered : [this.isOfType(row, free), ...filtered];
    return all.length === 0 ? 'false' : `(${all.join(' OR ')})`;
  }

  private isOfType(row: string, types: readonly string[]): string {
    // Equality lets the planner use the order of an index; a list of one does not.
    return types.length === 1
      ? `${row}.resource_type = ${this.bind(types[0])}`
      : `${row}.resource_type = ANY(${this.bind(types)}::text[])`;
  }
}
