"""One module per command: parse, call, print, exit code. `main` lists the commands; `demo/` is one of them.

Commands share fourteen modules: `options` (what is typed), `completing` (what Tab offers),
`values` (how typed values are read), `wiring` (the manifest and the Graph that the options name), `carrying`
(a plan, asked for and carried out), `output`, `bar` and `progress` (what a person sees), `signals` (Ctrl-C
and SIGTERM), `making` (how a report was made), `formats` (the formats of each report), `comparing` (what
drift compares the tenant with), `reverting` (the plan of `drift --revert`, and its manifest) and `labels`
(what an emulator is sent of a manifest). `findings` runs four of the commands for a report on many tenants.
All else that a command does is in the package of its subject.
"""
