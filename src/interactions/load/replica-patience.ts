/** Longest that a search waits for the replica to have caught up (WARDGATE_REPLICA_PATIENCE). */
export abstract class ReplicaPatience {
  abstract readonly ms: number;
}
