/** What Keyv keeps in this process; counts looks, and tells how long each entry may stay. */
export class ObservedStore extends Map<string, string> {
  looks = 0;

  override get(key: string): string | undefined {
    this.looks += 1;
    return super.get(key);
  }

  /** Whole seconds that the entries have left. */
  seconds(): readonly number[] {
    return [...this.values()].map((entry) => {
      const { expires } = JSON.parse(entry) as { expires: number };
      return Math.ceil((expires - Date.now()) / 1000);
    });
  }
}
