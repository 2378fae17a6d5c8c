import type { Issue } from '../../errors/fhir-error.js';
import type { Findings } from '../definition/system-resource-definition.js';

/** Collects what the rules find; paths are relative to the resource. */
export class RuleFindings implements Findings {
  readonly issues: Issue[] = [];
  readonly warnings: string[] = [];

  /** The write is refused. */
  refuse(path: string, diagnostics: string, code: Issue['code'] = 'invalid'): void {
    this.issues.push({ code, diagnostics, expression: `TokenIntrospector.${path}` });
  }

  /** The write goes through, and its answer says this. */
  warn(path: string, message: string): void {
    this.warnings.push(`TokenIntrospector.${path}: ${message}`);
  }
}
