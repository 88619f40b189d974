import type { ReactNode } from 'react'
import { formatScreenRoute, type ScreenRoute } from './route.ts'

interface LinkProps {
  readonly to: ScreenRoute
  readonly children: ReactNode
  readonly className?: string | undefined
  readonly label?: string | undefined
  readonly isCurrent?: boolean | undefined
}

/** A link to a view; it can be copied, and opened in another tab where there are tabs. */
export function Link({ to, children, className, label, isCurrent }: LinkProps) {
  return (
    <a
      href={formatScreenRoute(to)}
      className={className}
      aria-label={label}
      aria-current={isCurrent ? 'page' : undefined}
    >
      {children}
    </a>
  )
}
