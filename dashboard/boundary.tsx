import { Component, type ComponentChildren } from 'preact';

type Props = { stamp: unknown; broken: (error: unknown) => ComponentChildren; children: ComponentChildren };
type Held = { error: unknown; failedAt: unknown };

/** Catches an error while drawing. A new `stamp` (the next snapshot) gets a new try. A class: only they can catch (Preact). */
export class Boundary extends Component<Props, Held> {
  override state: Held = { error: undefined, failedAt: undefined };

  override componentDidCatch(error: unknown): void {
    this.setState({ error: error ?? new Error('unknown'), failedAt: this.props.stamp });
  }

  override render(): ComponentChildren {
    const { error, failedAt } = this.state;
    if (error !== undefined && failedAt === this.props.stamp) return this.props.broken(error);
    return this.props.children;
  }
}
