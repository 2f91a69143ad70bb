import PluginHost
import Storage

extension Session {
  /// Ends the run: every instance is taken down in order, and the journal is closed. After a halt
  /// the plugins end too, and the journal stays as it is.
  package func finish() throws(SessionError) {
    var failure: SessionError?
    if halt == nil {
      do throws(SessionError) { for slot in slots { try settle(slot) } } catch { failure = error }
    }
    if journal != nil, halt == nil, failure == nil {
      do throws(SessionError) {
        try stepWithoutData(at: now)
        keepSnapshot()
      } catch { failure = error }
    }
    endPlugins()
    do throws(StorageError) {
      try recorder?.finish()
      try journal?.close()
    } catch {
      // What a halted journal says again was said when it halted.
      if halt == nil { failure = failure ?? SessionError(error) }
    }
    if let failure { throw failure }
  }

  private func endPlugins() {
    for slot in slots {
      if slot.companion != nil { _ = slot.retireCompanion() }
      if !slot.live.isQuarantined { try? slot.live.deactivate() }
      drainLog(of: slot.live, as: slot.name)
      slot.live.destroy()
    }
    for provider in providers {
      if !provider.isQuarantined { try? provider.deactivate() }
      provider.destroy()
    }
  }
}
