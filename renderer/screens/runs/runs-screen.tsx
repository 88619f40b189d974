import type { ScreenRoute } from '../../route/route.ts'
import { RunComparisonView } from './run-comparison-view.tsx'
import { RunsList } from './runs-list.tsx'

/** Every run that has been, newest first, or two of them side by side. */
export function RunsScreen({ route }: { readonly route: ScreenRoute }) {
  const { left, right } = route.query
  if (left !== undefined && right !== undefined) return <RunComparisonView left={left} right={right} />
  return <RunsList route={route} />
}
