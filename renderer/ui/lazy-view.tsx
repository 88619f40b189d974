import type { LazyCode } from './lazy-code.ts'

interface LazyViewProps<Props extends object> {
  readonly code: LazyCode<Props>
  readonly props: Props
}

/** A part of the dashboard as soon as its code is there; it wants a Suspense and a PanelBoundary around it. */
export function LazyView<Props extends object>({ code, props }: LazyViewProps<Props>) {
  const Loaded = code.current()
  return <Loaded {...props} />
}
