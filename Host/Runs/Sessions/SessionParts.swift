import Kernel
import Market
import PluginHost
import Simulation
import Storage

/// What a session is made of, gathered before it exists.
struct SessionParts {
  var name: String
  var nonce: UInt64
  var directory: Directory
  var registry: PluginRegistry
  var journal: JournalWriter?
  var snapshotEveryTurns: UInt64?
  var venues: [VenueModel]
  var venueOf: [Int]
  var limits: Limits
  /// The asset that worth is counted in.
  var reporting: AssetID
  /// How worker processes are started, and whether others trade by the clock while one is waited
  /// for.
  var workers: WorkerOptions
  var isPaced: Bool
}
