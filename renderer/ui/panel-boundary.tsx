import { Component, type ReactNode } from 'react'
import { toFailure } from '../../shared/failure/failure.ts'
import { FailureNotice } from './failure-notice.tsx'
import { retryMissingCode } from './lazy-code.ts'

interface PanelBoundaryProps {
  readonly title: string
  readonly children: ReactNode
}

/** Keeps a fault of one panel in that panel: the rest of the screen stays. */
export class PanelBoundary extends Component<PanelBoundaryProps, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <FailureNotice
        failure={toFailure(error)}
        effect={`${this.props.title} cannot be shown. The run and the rest of the screen are not touched by this.`}
        onRetry={() => {
          retryMissingCode()
          this.setState({ error: null })
        }}
      />
    )
  }
}
