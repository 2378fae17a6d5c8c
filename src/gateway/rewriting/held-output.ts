/** Bytes on their way out, of which some are kept until it is known whether they may go. */
export class HeldOutput {
  private ready: Uint8Array[] = [];
  /** What is kept, and was when the chunk that is being read began. */
  private kept: Uint8Array[] = [];
  /** What is kept of the chunk that is being read; its memory may be used again. */
  private fresh: Uint8Array[] = [];
  private bytes = 0;
  private isHeld = false;

  /** Bytes that are kept. */
  get heldBytes(): number {
    return this.bytes;
  }

  /** Keeps what is added from now on, or lets all go. */
  hold(isHeld: boolean): void {
    if (this.isHeld && !isHeld) {
      for (const part of this.kept) this.ready.push(part);
      for (const part of this.fresh) this.ready.push(part);
      this.kept = [];
      this.fresh = [];
      this.bytes = 0;
    }
    this.isHeld = isHeld;
  }

  add(part: Uint8Array): void {
    if (!this.isHeld) {
      this.ready.push(part);
      return;
    }
    this.fresh.push(part);
    this.bytes += part.length;
  }

  /** What may go. */
  take(): Buffer {
    if (this.fresh.length > 0) {
      this.kept.push(Buffer.concat(this.fresh));
      this.fresh = [];
    }
    const { ready } = this;
    this.ready = [];
    const [only] = ready;
    if (ready.length !== 1 || !only) return Buffer.concat(ready);
    return Buffer.from(only.buffer, only.byteOffset, only.byteLength);
  }
}
