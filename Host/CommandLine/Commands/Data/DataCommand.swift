/// `keel data`: make tapes, and look into them.
enum DataCommand {
  static let command = Command(
    name: "data", summary: "bring market data into tapes, check it, look at it, take it out again",
    subcommands: [
      DataImport.command, DataSynthesis.extending(DataGenerate.command), DataCheck.command,
      DataResample.command, DataInfo.command, DataHead.command, DataExport.command,
    ])

  static let tape = CommandArgument("tape", "The file.")
}
