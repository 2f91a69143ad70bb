import Glibc
package import PluginABI
import PluginBoundary
import WorkerChannel

/// One plugin library: identity and descriptors. Once loaded it stays mapped until the process
/// ends, for its code may still be on a stack, in a table of the runtime, or wanted for a rollback.
/// One that only workers run is never loaded here.
package final class PluginBuild {
  /// The library in this process.
  struct Library {
    let entry: UnsafePointer<keel_entry>
    let text: plugin_text
  }

  package let originalPath: String
  package let storedPath: String
  package let contentHash: ContentHash
  package let descriptors: [PluginDescriptor]
  package let fileBytes: Int
  /// Where it may run, by whoever vouches for it so far.
  package internal(set) var standing = CodeStanding()
  private var loaded: Library?
  /// Into this process.
  var isLoaded: Bool { loaded != nil }

  package var hash: [UInt8] { contentHash.bytes }
  package var hashText: String { contentHash.description }
  /// Of a build that is loaded.
  package var entry: UnsafePointer<keel_entry> {
    guard let loaded else { preconditionFailure("only workers have loaded this build") }
    return loaded.entry
  }

  private static let descriptorsMax: UInt32 = 64

  /// Runs the library's constructors, its entry and its init: with the guard, but a constructor
  /// is beyond the guard's reach. What is not trusted is tried by PluginProbe first. `opening`:
  /// where the library is found, if not at the path it is known by.
  init(
    originalPath: String, storedPath: String, hash: ContentHash, fileBytes: Int,
    opening: String? = nil
  ) throws(PluginHostError) {
    self.originalPath = originalPath
    self.storedPath = storedPath
    self.contentHash = hash
    self.fileBytes = fileBytes
    let (library, descriptors) = try Self.load(
      opening ?? storedPath, storedPath: storedPath, subject: originalPath)
    loaded = library
    self.descriptors = descriptors
  }

  /// Runs nothing of it here: a worker has described it.
  init(
    originalPath: String, storedPath: String, hash: ContentHash, fileBytes: Int,
    described descriptors: [PluginDescriptor]
  ) {
    self.originalPath = originalPath
    self.storedPath = storedPath
    self.contentHash = hash
    self.fileBytes = fileBytes
    self.descriptors = descriptors
  }

  /// What a library holds, told by a worker that loads it and ends.
  package static func describe(
    _ bytes: [UInt8], path: String, subject: String, _ options: WorkerOptions
  ) throws(PluginHostError) -> [PluginDescriptor] {
    let worker = try WorkerProcess(library: bytes, path: path, name: subject, options)
    return try descriptors(told: worker.descriptions, subject: subject)
  }

  /// The library in this process, loaded now if it is not there yet. Whatever asks for it, code for
  /// workers does not come further than here.
  func library() throws(PluginHostError) -> Library {
    if let why = standing.confinement {
      throw PluginHostError(
        .refusedByPolicy, originalPath, "its code runs in worker processes alone: \(why)",
        remedy: "place it in one; a data provider, which has none, must come from a directory that "
          + "is trusted")
    }
    if let loaded { return loaded }
    let (library, _) = try Self.load(storedPath, storedPath: storedPath, subject: originalPath)
    loaded = library
    return library
  }

  private static func load(
    _ path: String, storedPath: String, subject: String
  ) throws(PluginHostError) -> (Library, [PluginDescriptor]) {
    let function = try open(path, subject: subject)
    var text = plugin_text()
    guard plugin_text_find(unsafeBitCast(function, to: UnsafeRawPointer.self), &text) else {
      throw PluginHostError(
        .loadFailed, subject, "its entry lies in no loaded library",
        remedy: "define the entry as a function of the plugin itself")
    }
    let caller = try LibraryCaller(text: text, subject: subject)
    defer { caller.retire() }
    let entry = try caller.entry(function)
    try check(entry, subject: subject)
    try caller.initialize(entry, path: storedPath)
    let descriptors = try describe(entry, caller, subject: subject)
    return (Library(entry: entry, text: text), descriptors)
  }

  private static func open(
    _ path: String, subject: String
  ) throws(PluginHostError) -> keel_entry_fn {
    var taken: Int32 = 0
    guard let handle = plugin_boundary_open(path, &taken) else {
      var reason = dlerror().map { String(cString: $0) } ?? "no reason given"
      if reason.hasPrefix(path + ": ") { reason.removeFirst(path.count + 2) }
      let advice =
        reason.contains("GLIBC_")
        ? "build it on a system no newer than this one"
        : "link it with -Wl,-z,defs to see what is missing"
      throw PluginHostError(
        .loadFailed, subject, "the loader refused it: \(reason)", remedy: advice)
    }
    guard taken == 0 else {
      throw PluginHostError(
        .loadFailed, subject,
        "its constructors replaced the host's handler of \(FaultText.signalName(taken))",
        remedy: "leave signals to the host")
    }
    guard let symbol = dlsym(handle, KEEL_ENTRY_SYMBOL) else {
      throw PluginHostError(
        .loadFailed, subject, "\(KEEL_ENTRY_SYMBOL) cannot be found in it",
        remedy: "define KEEL_EXPORT const keel_entry *\(KEEL_ENTRY_SYMBOL)(void)")
    }
    return unsafeBitCast(symbol, to: keel_entry_fn.self)
  }

  private static func check(
    _ entry: UnsafePointer<keel_entry>, subject: String
  ) throws(PluginHostError) {
    let size = Int(entry.pointee.struct_size)
    let needed = MemoryLayout<keel_entry>.size
    guard size >= 8 else {
      throw PluginHostError(
        .abi, subject, "its keel_entry is \(size) bytes long, not \(needed)",
        remedy: "set struct_size = sizeof(keel_entry)")
    }
    let (major, minor) = (Int(entry.pointee.abi_major), Int(entry.pointee.abi_minor))
    guard major == Int(KEEL_ABI_MAJOR), minor == Int(KEEL_ABI_DRAFT) else {
      throw PluginHostError(
        .abi, subject,
        "it is built for ABI \(major), draft \(minor); this host has ABI \(KEEL_ABI_MAJOR), "
          + "draft \(KEEL_ABI_DRAFT)",
        remedy: "build it again with this host's headers")
    }
    guard size >= needed else {
      throw PluginHostError(
        .abi, subject, "its keel_entry is \(size) bytes long, not \(needed)",
        remedy: "set struct_size = sizeof(keel_entry)")
    }
    let slots = SlotCheck(of: "keel_entry")
      .with("init", entry.pointee.`init` != nil).with("deinit", entry.pointee.`deinit` != nil)
      .with("count", entry.pointee.count != nil).with("describe", entry.pointee.describe != nil)
      .with("create", entry.pointee.create != nil)
    if !slots.defects.isEmpty { throw PluginHostError(.abi, subject, slots.defects) }
  }

  private static func describe(
    _ entry: UnsafePointer<keel_entry>, _ caller: LibraryCaller, subject: String
  ) throws(PluginHostError) -> [PluginDescriptor] {
    let count = try caller.count(entry)
    var defects: [PluginHostError.Defect] = []
    if count == 0 || count > descriptorsMax {
      throw PluginHostError(
        .descriptor, subject, "it describes \(count) plugins",
        remedy: "describe at least 1 and at most \(descriptorsMax)")
    }
    var descriptors: [PluginDescriptor] = []
    for index in 0..<count {
      guard let raw = try caller.describe(entry, index) else {
        defects.append(
          .init("descriptor \(index) is NULL", "describe(index) answers for each index < count()"))
        continue
      }
      guard let descriptor = PluginDescriptor(raw, index: Int(index), defects: &defects) else {
        continue
      }
      if descriptors.contains(where: { $0.id == descriptor.id }) {
        defects.append(
          .init(
            "descriptor \(index): id \"\(descriptor.id)\" is used twice",
            "one library holds one version of each plugin"))
      }
      descriptors.append(descriptor)
    }
    if !defects.isEmpty { throw PluginHostError(.descriptor, subject, defects) }
    return descriptors
  }
}

extension PluginBuild {
  private static func descriptors(
    told: [worker_descriptor], subject: String
  ) throws(PluginHostError) -> [PluginDescriptor] {
    var defects: [PluginHostError.Defect] = []
    let descriptors = told.enumerated().compactMap {
      WorkerDescription.descriptor($0.element, index: $0.offset, defects: &defects)
    }
    if !defects.isEmpty { throw PluginHostError(.descriptor, subject, defects) }
    return descriptors
  }
}

/// Collects the function slots a struct leaves NULL.
struct SlotCheck {
  private let owner: String
  private(set) var defects: [PluginHostError.Defect] = []

  init(of owner: String) { self.owner = owner }

  func with(_ name: String, _ isSet: Bool) -> SlotCheck {
    guard !isSet else { return self }
    var copy = self
    copy.defects.append(.init("\(owner).\(name) is NULL", "set every function of \(owner)"))
    return copy
  }
}
