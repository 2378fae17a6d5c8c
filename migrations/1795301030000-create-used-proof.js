/**
 * The DPoP proofs that were used, so that each serves once on all instances (RFC 9449 §11.1). An
 * ordinary table: an unlogged one is empty after a crash, and proofs in flight would serve again.
 */
export class CreateUsedProof1795301030000 {
    async up(runner) {
        await runner.query(`
      CREATE TABLE used_proof (
        digest     bytea       NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT used_proof_pk PRIMARY KEY (digest),
        -- A proof is known by the SHA-256 of its key and its jti, never by what a client sent.
        CONSTRAINT used_proof_digest_ck CHECK (octet_length(digest) = 32)
      )`);
        await runner.query('CREATE INDEX used_proof_expires_at_ix ON used_proof (expires_at)');
    }
    async down(runner) {
        await runner.query('DROP TABLE used_proof');
    }
}
