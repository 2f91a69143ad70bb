#if hasFeature(Embedded)
  internal import PluginRuntime
#endif

/// The memory of one plugin instance: entered before its code runs, released whole at its end. In
/// the ordinary-Swift twin, which tests link, allocation is the process's and this does nothing.
struct Arena {
  #if hasFeature(Embedded)
    let raw: OpaquePointer

    /// Nil when the system has no memory left.
    init?() {
      guard let raw = plugin_arena_create() else { return nil }
      self.raw = raw
    }
    /// What `body` allocates comes from here.
    @inline(__always)
    func during<Result>(_ body: () -> Result) -> Result {
      let current = plugin_arena_current()
      current.pointee = raw
      let result = body()
      current.pointee = nil
      return result
    }
    func destroy() { plugin_arena_destroy(raw) }
    static let releasesWhole = true
  #else
    init?() {}
    func during<Result>(_ body: () -> Result) -> Result { body() }
    func destroy() {}
    static let releasesWhole = false
  #endif
}
