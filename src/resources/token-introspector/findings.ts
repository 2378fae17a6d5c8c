import type { Issue } from '../../errors/fhir-error.js';

/** What the rules found: issues refuse the write, warnings travel with its answer. */
export interface RuleFindings {
  readonly issues: readonly Issue[];
  readonly warnings: readonly Issue[];
}

/** Collects what the rules find; paths are relative to the resource. */
export class Findings implements RuleFindings {
  readonly issues: Issue[] = [];
  readonly warnings: Issue[] = [];

  refuse(path: string, diagnostics: string, code: Issue['code'] = 'invalid'): void {
    this.issues.push({ code, diagnostics, expression: `TokenIntrospector.${path}` });
  }

  warn(path: string, diagnostics: string): void {
    const expression = `TokenIntrospector.${path}`;
    this.warnings.push({ code: 'invariant', severity: 'warning', diagnostics, expression });
  }
}
