/// The segments of a walk-forward run, one beneath the other, with what each was fitted on and what
/// came after.
package enum WalkForwardPlot {
  /// A drawing that stands alone, as `SweepMap.svg` is.
  package static func svg(_ segments: [WalkForwardSegment], metric: String) -> String {
    let finite = segments.filter {
      $0.fitStart.isFinite && $0.fitEnd.isFinite && $0.end.isFinite
    }
    let low = finite.map(\.fitStart).min() ?? 0
    let scale = PlotScale(exactly: low, finite.map(\.end).max() ?? 1)
    let (left, width, row) = (110.0, 640.0, 28.0)
    let height = 34 + row * Double(finite.count)
    var svg: Markup = """
      <svg class="fragment" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 \(height)" \
      width="920" height="\(height)" role="img" aria-label="Walk forward: \(metric)" \
      style="font:12px system-ui,sans-serif;font-variant-numeric:tabular-nums">
      """
    svg += SweepMap.word(left / 2, 18, "segment", isStrong: true)
    svg += SweepMap.word(left + width / 2, 18, "fitted, then traded", isStrong: true)
    svg += SweepMap.word(left + width + 85, 18, metric, isStrong: true)
    for (index, segment) in finite.enumerated() {
      let top = 28 + row * Double(index)
      let places = [segment.fitStart, segment.fitEnd, segment.end].map {
        left + scale.place($0) * width
      }
      let gained = (segment.traded ?? 0) >= 0
      svg += SweepMap.word(left / 2, top + 18, segment.name)
      svg += box(places[0], places[1], top, "--muted,#667085", 0.3)
      svg += box(places[1], places[2], top, gained ? "--gain,#0f7b4f" : "--loss,#b3261e", 0.75)
      let values = [segment.fitted, segment.traded].map { NumberText.decimal($0, places: 2) }
      svg += SweepMap.word(left + width + 85, top + 18, "\(values[0]) → \(values[1])")
    }
    svg += "</svg>"
    return svg.text
  }

  private static func box(
    _ from: Double, _ to: Double, _ top: Double, _ colour: String, _ depth: Double
  ) -> Markup {
    """
    <rect x="\(from)" y="\(top + 5)" width="\(Swift.max(0, to - from))" height="18" rx="2" \
    style="fill:var(\(colour));fill-opacity:\(depth)"/>
    """
  }
}
