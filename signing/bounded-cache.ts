/** A map of bounded size that forgets what was used longest ago. Holds results of pure functions only. */
export class BoundedCache<V> {
  private readonly map = new Map<string, V>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The value of `key`, computed on the first asking; a throwing `compute` leaves nothing behind. */
  get(key: string, compute: () => V): V {
    const known = this.map.get(key);
    if (known !== undefined) {
      this.map.delete(key);
      this.map.set(key, known);
      return known;
    }
    const value = compute();
    this.map.set(key, value);
    if (this.map.size > this.limit) {
      const oldest = this.map.keys().next();
      if (!oldest.done) this.map.delete(oldest.value);
    }
    return value;
  }
}
