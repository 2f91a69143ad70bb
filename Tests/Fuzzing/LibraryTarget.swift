import PluginHost

/// Any bytes as a plugin's shared object: refused with words, or fit to be loaded. Nothing is.
enum LibraryTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) {
    let file = PluginFile(path: "fuzzed.so", bytes: Array(bytes))
    do throws(PluginHostError) { try ElfLint.check(file, policy: LoadPolicy()) } catch {
      precondition(
        [.notASharedObject, .foreign, .lint].contains(error.code), "a lint refuses in its own words"
      )
      precondition(
        error.defects.allSatisfy { !$0.message.isEmpty && !$0.remedy.isEmpty },
        "an error says what to do")
    }
  }
}
