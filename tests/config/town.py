"""A small town in TOML, whole and well formed, for tests that break one thing at a time."""

TOWN = """\
schema = 1

[municipality]
id = "kunta"
code = "989"
name = { fi = "Kunta", sv = "Kommun", en = "Town" }
time_zone = "Europe/Helsinki"

[homeserver]
server_name = "kunta.example"

[region]
servers = ["naapuri.example"]

[hours.office]
mon = ["9:00-12:00", "13:00-15:00"]

[[closure]]
first = 2026-12-28
last = 2026-12-31
name = { fi = "Sulku", sv = "Stängt", en = "Closed" }

[[unit]]
id = "rakennusvalvonta"
name = { fi = "Rakennusvalvonta", sv = "Byggnadstillsyn", en = "Building control" }

[[desk]]
id = "piste"
unit = "rakennusvalvonta"
name = { fi = "Piste", sv = "Disk", en = "Desk" }
partners = [{ fi = "Kela", sv = "FPA", en = "Kela" }]

[[place]]
id = "huone"
name = { fi = "Huone", sv = "Rum", en = "Room" }
address = "Kaupungintalo"
hours = { wed = ["8:00-16:00"] }

[[official]]
id = "rakennustarkastaja"
unit = "rakennusvalvonta"
title = { fi = "Rakennustarkastaja", sv = "Byggnadsinspektör", en = "Building inspector" }
account = "rakennustarkastaja"
hours = "office"

[[official]]
id = "lupasihteeri"
unit = "rakennusvalvonta"
title = { fi = "Lupasihteeri", sv = "Tillståndssekreterare", en = "Permit secretary" }
account = "lupasihteeri"
hours = { tue = ["20:00-24:00"] }
[[official.exception]]
day = 2027-01-07
hours = ["10:00-11:00", "22:00-24:00"]
[[official.exception]]
day = 2027-01-05

[[service]]
id = "rakennuslupa"
unit = "rakennusvalvonta"
name = { fi = "Rakennusluvat", sv = "Bygglov", en = "Building permits" }
officials = ["rakennustarkastaja", "lupasihteeri"]
minutes = 30
keywords = { fi = ["sauna"] }

[[service]]
id = "purku"
unit = "rakennusvalvonta"
name = { fi = "Purkaminen", sv = "Rivning", en = "Demolition" }
officials = ["lupasihteeri"]
buffer_after = 10
hours = "office"
places = ["huone"]
remote = false
identity = "strong"
release_minutes = 45
next_steps = { fi = "Kutsu", sv = "Kallelse", en = "Invitation" }
summary = { fi = "Luvat", sv = "Lov", en = "Permits" }
partner = { fi = "Kela", sv = "FPA", en = "Kela" }
"""
