type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T;
type Exactly<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

/** `true` when two types have the same keys, the same optional ones and the same values; `readonly` does not count. */
export type Same<A, B> = Exactly<Plain<A>, Plain<B>>;
