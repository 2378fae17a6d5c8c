/** An expression that is no FHIRPath, or uses what is not supported here. */
export class InvalidExpression extends Error {}

/** An evaluation that yields no answer: it would take too long, or asks one question of several values. */
export class Undecided extends Error {}

/** An evaluation that was given up because it looked at too much. */
export class TooCostly extends Undecided {}
