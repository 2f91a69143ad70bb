package import Market

/// From where on something is worth a word. The usual numbers let a lively market pass.
package struct QualityOptions: Sendable {
  /// Of trades and quotes: a longer silence is a gap. Of bars: a shorter hole is none. nil: judged
  /// by the stream's own spacing, and every missing bar counts.
  package var gapMax: Nanoseconds?
  /// Where `gapMax` is nil: so many times the median spacing, and
  package var gapMedians: Int64 = 100
  /// so many times what 99 of 100 spacings stay below, and not less than
  package var gapTails: Int64 = 5
  package var gapLeast = Nanoseconds.seconds(1)
  /// A move beyond so many median moves, and
  package var jumpScales = 20.0
  /// so many basis points, is a jump.
  package var jumpLeast = 30.0
  /// So many bars alike in a row are frozen;
  package var staleBars = 60
  /// of trades and quotes so many,
  package var staleTicks = 200
  /// over at least so long.
  package var staleTime = Nanoseconds.seconds(3_600)
  /// Bars of two sources may differ by so many basis points.
  package var toleranceBasisPoints = 10.0
  /// Nothing closes regularly: what looks so is missing.
  package var isAlwaysOpen = false
  /// Kept for each kind of finding.
  package var examplesMax = 5

  package init() {}
}
