import PluginHost

/// All of a swap that needs nothing of the session: the new code is verified, copied and tried,
/// which takes as long as it takes. A value, for a thread that is not the session's.
package struct SwapPreparation: Sendable {
  let intake: PluginIntake
  let reference: PluginReference
  let probe: (@Sendable (String) -> PluginHostError?)?

  package func run() -> PreparedSwap {
    let start = MonotonicClock.now()
    var probing: Int64 = 0
    let result: Result<PluginIntake.PreparedReference, PluginHostError>
    do throws(PluginHostError) {
      result = .success(
        try intake.prepare(reference) { copy in
          let before = MonotonicClock.now()
          defer { probing = MonotonicClock.now() - before }
          return probe?(copy)
        })
    } catch { result = .failure(error) }
    return PreparedSwap(
      reference: reference, result: result, nanoseconds: MonotonicClock.now() - start,
      probing: probing)
  }
}

/// What came of it.
package struct PreparedSwap: Sendable {
  let reference: PluginReference
  let result: Result<PluginIntake.PreparedReference, PluginHostError>
  let nanoseconds: Int64
  /// Of those, in a child.
  let probing: Int64
}
