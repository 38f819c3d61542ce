BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'eahtari','m001_first_appointment','2026-11-24 16:01:35.136874+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'eahtari','m002_whole_calendar','2026-11-24 16:01:35.140347+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'eahtari','m003_advice','2026-11-24 16:01:35.142004+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'eahtari','m004_calls','2026-11-24 16:01:35.143709+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'eahtari','m005_imports','2026-11-24 16:01:35.145015+00:00');
CREATE TABLE appointment (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, service TEXT NOT NULL, official TEXT NOT NULL,
    citizen TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    busy_start INTEGER NOT NULL, busy_end INTEGER NOT NULL, state TEXT NOT NULL, card INTEGER
, place TEXT, sequence INTEGER NOT NULL DEFAULT 0, until INTEGER, series INTEGER, offered INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "appointment" VALUES(1,'NCKFQP','rakennuslupa','rakennustarkastaja','@asiakas:localhost',1799737200,1799739000,1799737200,1799739000,'booked',8,NULL,0,NULL,NULL,0);
INSERT INTO "appointment" VALUES(2,'KYRH77','kela','yhteispalveluneuvoja','@vieras:localhost',1799737200,1799739000,1799737200,1799739000,'cancelled',17,NULL,1,NULL,NULL,0);
CREATE TABLE block (
    id INTEGER PRIMARY KEY, resource TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    kind TEXT NOT NULL, until INTEGER, source TEXT
) STRICT;
CREATE TABLE calendar_source (
    official TEXT PRIMARY KEY, address TEXT NOT NULL, fetched INTEGER, problem TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE catalogue_entry (
    id TEXT PRIMARY KEY, position INTEGER NOT NULL, origin TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "catalogue_entry" VALUES('avustus',0,'ptv','{"id": "avustus", "name": {"fi": "Avustus"}, "origin": "ptv"}');
CREATE TABLE catalogue_import (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, source TEXT NOT NULL, code TEXT NOT NULL, kind TEXT NOT NULL,
    since INTEGER, taken INTEGER NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER NOT NULL,
    kept INTEGER NOT NULL, skipped TEXT NOT NULL, problems TEXT NOT NULL, failure TEXT
) STRICT;
INSERT INTO "catalogue_import" VALUES(1,1799643600,'https://ptv.example/v11','989','full',NULL,1,1,0,0,0,'[]','[]',NULL);
CREATE TABLE catalogue_synonym (
    language TEXT NOT NULL, said TEXT NOT NULL, meant TEXT NOT NULL, origin TEXT NOT NULL DEFAULT 'file', PRIMARY KEY (language, said)
) STRICT, WITHOUT ROWID;
INSERT INTO "catalogue_synonym" VALUES('fi','raha*','["avustus"]','staff');
INSERT INTO "catalogue_synonym" VALUES('fi','tuki*','["avustus"]','file');
CREATE TABLE conference_journal (journal TEXT PRIMARY KEY, through INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "conference_journal" VALUES('own',1);
CREATE TABLE conference_link (
    id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, appointment INTEGER REFERENCES appointment (id),
    role TEXT NOT NULL, purpose TEXT NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL,
    made INTEGER NOT NULL, ended INTEGER
) STRICT;
INSERT INTO "conference_link" VALUES(1,'digest',1,'guest','interpreter','sv','',1799643600,NULL);
CREATE TABLE conference_lock (room TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO "conference_lock" VALUES('huone');
CREATE TABLE conference_order (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, room TEXT NOT NULL, kind TEXT NOT NULL,
    asked INTEGER NOT NULL, language TEXT NOT NULL, lane INTEGER, identity TEXT NOT NULL, shown TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT;
INSERT INTO "conference_order" VALUES(1,'$one:lock','huone','lock',1799643600,'fi',NULL,'','','waiting');
CREATE TABLE conference_presence (
    id INTEGER PRIMARY KEY AUTOINCREMENT, room TEXT NOT NULL, sid TEXT NOT NULL, identity TEXT NOT NULL,
    role TEXT NOT NULL, name TEXT NOT NULL, joined INTEGER NOT NULL, ended INTEGER, reason TEXT,
    media TEXT NOT NULL DEFAULT '', speaking_s REAL, lost_share REAL, round_trip_ms REAL, UNIQUE (room, sid)
) STRICT;
INSERT INTO "conference_presence" VALUES(1,'huone','PA_1','@asiakas:localhost:LAITE','citizen','',1799643600,NULL,NULL,'',NULL,NULL,NULL);
CREATE TABLE conference_visitor (
    id INTEGER PRIMARY KEY AUTOINCREMENT, link INTEGER NOT NULL REFERENCES conference_link (id),
    session TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL,
    came INTEGER NOT NULL, seen INTEGER NOT NULL, let_in INTEGER, ended INTEGER, card INTEGER, shown TEXT
) STRICT;
INSERT INTO "conference_visitor" VALUES(1,1,'session','tulkki','sv','waiting',1799643600,1799643600,NULL,NULL,NULL,NULL);
CREATE TABLE day_hours (
    official TEXT NOT NULL, day TEXT NOT NULL, spans TEXT NOT NULL, before TEXT, PRIMARY KEY (official, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE delayed_leave (
    room TEXT NOT NULL, identity TEXT NOT NULL, delay_id TEXT NOT NULL, delay_s REAL NOT NULL,
    delegated_at INTEGER NOT NULL, PRIMARY KEY (room, identity)
) STRICT, WITHOUT ROWID;
INSERT INTO "delayed_leave" VALUES('huone','@asiakas:localhost:LAITE','delay',60.0,1799643600);
CREATE TABLE entry (
    kind TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL,
    body TEXT NOT NULL, seeded TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO "entry" VALUES('municipality','ahtari',0,'{"code": "989", "default_language": "fi", "id": "ahtari", "name": {"en": "Ähtäri", "fi": "Ähtäri", "sv": "Etseri"}, "phone": "", "region_servers": [], "room_closes_days": 7, "room_kept_days": 90, "server_name": "localhost", "time_zone": "Europe/Helsinki"}','{"code": "989", "default_language": "fi", "id": "ahtari", "name": {"en": "Ähtäri", "fi": "Ähtäri", "sv": "Etseri"}, "phone": "", "region_servers": [], "room_closes_days": 7, "room_kept_days": 90, "server_name": "localhost", "time_zone": "Europe/Helsinki"}');
INSERT INTO "entry" VALUES('official','palveluneuvoja',3,'{"account": "palveluneuvoja", "active": true, "exception": [], "hours": {"fri": ["9:00-11:30", "12:15-14:00"], "mon": ["9:00-11:30", "12:15-15:00"], "sat": [], "sun": [], "thu": ["9:00-11:30", "12:15-17:00"], "tue": ["9:00-11:30", "12:15-15:00"], "wed": ["9:00-11:30", "12:15-15:00"]}, "id": "palveluneuvoja", "languages": ["fi", "sv", "en"], "title": {"en": "Service adviser", "fi": "Palveluneuvoja", "sv": "Servicerådgivare"}, "unit": "yhteispalvelu"}','{"account": "palveluneuvoja", "active": true, "exception": [], "hours": {"fri": ["9:00-11:30", "12:15-14:00"], "mon": ["9:00-11:30", "12:15-15:00"], "sat": [], "sun": [], "thu": ["9:00-11:30", "12:15-17:00"], "tue": ["9:00-11:30", "12:15-15:00"], "wed": ["9:00-11:30", "12:15-15:00"]}, "id": "palveluneuvoja", "languages": ["fi", "sv", "en"], "title": {"en": "Service adviser", "fi": "Palveluneuvoja", "sv": "Servicerådgivare"}, "unit": "yhteispalvelu"}');
INSERT INTO "entry" VALUES('official','rakennustarkastaja',4,'{"account": "rakennustarkastaja", "active": true, "exception": [], "hours": {"fri": ["9:00-12:00", "13:00-15:00"], "mon": ["9:00-12:00", "13:00-15:00"], "sat": [], "sun": [], "thu": ["9:00-12:00", "13:00-15:00"], "tue": ["9:00-12:00", "13:00-15:00"], "wed": ["9:00-12:00", "13:00-15:00"]}, "id": "rakennustarkastaja", "languages": ["fi", "sv", "en"], "title": {"en": "Building inspector", "fi": "Rakennustarkastaja", "sv": "Byggnadsinspektör"}, "unit": "rakennusvalvonta"}','{"account": "rakennustarkastaja", "active": true, "exception": [], "hours": {"fri": ["9:00-12:00", "13:00-15:00"], "mon": ["9:00-12:00", "13:00-15:00"], "sat": [], "sun": [], "thu": ["9:00-12:00", "13:00-15:00"], "tue": ["9:00-12:00", "13:00-15:00"], "wed": ["9:00-12:00", "13:00-15:00"]}, "id": "rakennustarkastaja", "languages": ["fi", "sv", "en"], "title": {"en": "Building inspector", "fi": "Rakennustarkastaja", "sv": "Byggnadsinspektör"}, "unit": "rakennusvalvonta"}');
INSERT INTO "entry" VALUES('official','yhteispalveluneuvoja',5,'{"account": "yhteispalveluneuvoja", "active": true, "exception": [], "hours": {"fri": ["9:00-11:30", "12:15-14:00"], "mon": ["9:00-11:30", "12:15-15:00"], "sat": [], "sun": [], "thu": ["9:00-11:30", "12:15-17:00"], "tue": ["9:00-11:30", "12:15-15:00"], "wed": ["9:00-11:30", "12:15-15:00"]}, "id": "yhteispalveluneuvoja", "languages": ["fi", "en"], "title": {"en": "Joint service adviser", "fi": "Yhteispalveluneuvoja", "sv": "Samservicerådgivare"}, "unit": "yhteispalvelu"}','{"account": "yhteispalveluneuvoja", "active": true, "exception": [], "hours": {"fri": ["9:00-11:30", "12:15-14:00"], "mon": ["9:00-11:30", "12:15-15:00"], "sat": [], "sun": [], "thu": ["9:00-11:30", "12:15-17:00"], "tue": ["9:00-11:30", "12:15-15:00"], "wed": ["9:00-11:30", "12:15-15:00"]}, "id": "yhteispalveluneuvoja", "languages": ["fi", "en"], "title": {"en": "Joint service adviser", "fi": "Yhteispalveluneuvoja", "sv": "Samservicerådgivare"}, "unit": "yhteispalvelu"}');
INSERT INTO "entry" VALUES('service','kela',6,'{"bring": {"en": "An identity document.", "fi": "Henkilöllisyystodistus.", "sv": "Identitetsbevis."}, "buffer_after": 0, "buffer_before": 0, "cancel_hours": 0, "encrypted": false, "horizon_days": 60, "hours": null, "id": "kela", "identity": "none", "keywords": {"en": ["kela", "housing allowance", "basic social assistance", "sickness allowance", "student aid", "pension"], "fi": ["kela", "asumistuki", "toimeentulotuki", "sairauspäiväraha", "opintotuki", "eläke", "kelakortti"], "sv": ["fpa", "bostadsbidrag", "utkomststöd", "sjukdagpenning", "studiestöd", "pension"]}, "minutes": 30, "most_open": 3, "name": {"en": "Kela matters", "fi": "Kelan asiointi", "sv": "FPA-ärenden"}, "next_steps": {"en": "", "fi": "", "sv": ""}, "notice_minutes": 60, "officials": ["yhteispalveluneuvoja", "palveluneuvoja"], "partner": {"en": "Kela", "fi": "Kela", "sv": "FPA"}, "places": [], "release_minutes": 0, "remote": true, "summary": {"en": "Kela''s benefits and applications with the joint service point''s adviser.", "fi": "Kelan etuudet ja hakemukset yhteispalvelupisteen neuvojan kanssa.", "sv": "FPA:s förmåner och ansökningar med samservicekontorets rådgivare."}, "unit": "yhteispalvelu"}','{"bring": {"en": "An identity document.", "fi": "Henkilöllisyystodistus.", "sv": "Identitetsbevis."}, "buffer_after": 0, "buffer_before": 0, "cancel_hours": 0, "encrypted": false, "horizon_days": 60, "hours": null, "id": "kela", "identity": "none", "keywords": {"en": ["kela", "housing allowance", "basic social assistance", "sickness allowance", "student aid", "pension"], "fi": ["kela", "asumistuki", "toimeentulotuki", "sairauspäiväraha", "opintotuki", "eläke", "kelakortti"], "sv": ["fpa", "bostadsbidrag", "utkomststöd", "sjukdagpenning", "studiestöd", "pension"]}, "minutes": 30, "most_open": 3, "name": {"en": "Kela matters", "fi": "Kelan asiointi", "sv": "FPA-ärenden"}, "next_steps": {"en": "", "fi": "", "sv": ""}, "notice_minutes": 60, "officials": ["yhteispalveluneuvoja", "palveluneuvoja"], "partner": {"en": "Kela", "fi": "Kela", "sv": "FPA"}, "places": [], "release_minutes": 0, "remote": true, "summary": {"en": "Kela''s benefits and applications with the joint service point''s adviser.", "fi": "Kelan etuudet ja hakemukset yhteispalvelupisteen neuvojan kanssa.", "sv": "FPA:s förmåner och ansökningar med samservicekontorets rådgivare."}, "unit": "yhteispalvelu"}');
INSERT INTO "entry" VALUES('service','rakennuslupa',7,'{"bring": {"en": "The address or property number, and a sketch if you have one.", "fi": "Kiinteistön osoite tai kiinteistötunnus ja luonnos, jos sinulla on se.", "sv": "Fastighetens adress eller beteckning och en skiss, om du har en."}, "buffer_after": 0, "buffer_before": 0, "cancel_hours": 2, "encrypted": false, "horizon_days": 60, "hours": null, "id": "rakennuslupa", "identity": "none", "keywords": {"en": ["building permit", "planning permission", "construction", "garage", "carport", "sauna", "extension", "demolition", "terrace", "ground heat", "house", "cottage"], "fi": ["rakennuslupa", "rakentaminen", "autotalli", "autokatos", "sauna", "laajennus", "purkulupa", "piharakennus", "terassi", "maalämpö", "omakotitalo", "mökki"], "sv": ["bygglov", "byggnadslov", "byggande", "garage", "biltak", "bastu", "tillbyggnad", "rivningslov", "terrass", "bergvärme", "villa", "stuga"]}, "minutes": 30, "most_open": 3, "name": {"en": "Building permits", "fi": "Rakennusluvat", "sv": "Bygglov"}, "next_steps": {"en": "", "fi": "", "sv": ""}, "notice_minutes": 60, "officials": ["rakennustarkastaja"], "partner": null, "places": [], "release_minutes": 0, "remote": true, "summary": {"en": "Whether you need a permit and what goes with it: house, garage, sauna, demolition.", "fi": "Tarvitsetko luvan, ja mitä hakemukseen liitetään: talo, autotalli, sauna, purkaminen.", "sv": "Behöver du lov och vad bifogas ansökan: hus, garage, bastu, rivning."}, "unit": "rakennusvalvonta"}','{"bring": {"en": "The address or property number, and a sketch if you have one.", "fi": "Kiinteistön osoite tai kiinteistötunnus ja luonnos, jos sinulla on se.", "sv": "Fastighetens adress eller beteckning och en skiss, om du har en."}, "buffer_after": 0, "buffer_before": 0, "cancel_hours": 2, "encrypted": false, "horizon_days": 60, "hours": null, "id": "rakennuslupa", "identity": "none", "keywords": {"en": ["building permit", "planning permission", "construction", "garage", "carport", "sauna", "extension", "demolition", "terrace", "ground heat", "house", "cottage"], "fi": ["rakennuslupa", "rakentaminen", "autotalli", "autokatos", "sauna", "laajennus", "purkulupa", "piharakennus", "terassi", "maalämpö", "omakotitalo", "mökki"], "sv": ["bygglov", "byggnadslov", "byggande", "garage", "biltak", "bastu", "tillbyggnad", "rivningslov", "terrass", "bergvärme", "villa", "stuga"]}, "minutes": 30, "most_open": 3, "name": {"en": "Building permits", "fi": "Rakennusluvat", "sv": "Bygglov"}, "next_steps": {"en": "", "fi": "", "sv": ""}, "notice_minutes": 60, "officials": ["rakennustarkastaja"], "partner": null, "places": [], "release_minutes": 0, "remote": true, "summary": {"en": "Whether you need a permit and what goes with it: house, garage, sauna, demolition.", "fi": "Tarvitsetko luvan, ja mitä hakemukseen liitetään: talo, autotalli, sauna, purkaminen.", "sv": "Behöver du lov och vad bifogas ansökan: hus, garage, bastu, rivning."}, "unit": "rakennusvalvonta"}');
INSERT INTO "entry" VALUES('unit','rakennusvalvonta',1,'{"confidential": false, "id": "rakennusvalvonta", "name": {"en": "Building control", "fi": "Rakennusvalvonta", "sv": "Byggnadstillsyn"}}','{"confidential": false, "id": "rakennusvalvonta", "name": {"en": "Building control", "fi": "Rakennusvalvonta", "sv": "Byggnadstillsyn"}}');
INSERT INTO "entry" VALUES('unit','yhteispalvelu',2,'{"confidential": false, "id": "yhteispalvelu", "name": {"en": "Joint service point", "fi": "Yhteispalvelupiste", "sv": "Samservicekontoret"}}','{"confidential": false, "id": "yhteispalvelu", "name": {"en": "Joint service point", "fi": "Yhteispalvelupiste", "sv": "Samservicekontoret"}}');
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "fact" VALUES('directory revision','2');
INSERT INTO "fact" VALUES('the appointment''s number','NCKFQP');
CREATE TABLE feed (
    token TEXT PRIMARY KEY, user_id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE freed (
    id INTEGER PRIMARY KEY, resource TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL
) STRICT;
INSERT INTO "freed" VALUES(1,'yhteispalveluneuvoja',1799737200,1799739000);
CREATE TABLE guest (
    appointment INTEGER NOT NULL REFERENCES appointment (id), user_id TEXT NOT NULL, added INTEGER NOT NULL,
    PRIMARY KEY (appointment, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE history (
    id INTEGER PRIMARY KEY, appointment INTEGER NOT NULL REFERENCES appointment (id),
    at INTEGER NOT NULL, what TEXT NOT NULL, party TEXT NOT NULL
, detail TEXT) STRICT;
INSERT INTO "history" VALUES(1,1,1799643600,'booked','citizen',NULL);
INSERT INTO "history" VALUES(2,2,1799643600,'booked','citizen',NULL);
INSERT INTO "history" VALUES(3,2,1799643600,'cancelled','citizen',NULL);
CREATE TABLE inbox (
    event_id TEXT PRIMARY KEY, room_id TEXT NOT NULL, sender TEXT NOT NULL, sent INTEGER NOT NULL,
    received INTEGER NOT NULL, kind TEXT NOT NULL, content TEXT, state TEXT NOT NULL, reference TEXT
) STRICT;
INSERT INTO "inbox" VALUES('$one','!huone','@asiakas:localhost',1799643600,1799643600,'said','{"body": "!varaa", "cut": false}','new',NULL);
INSERT INTO "inbox" VALUES('$two','!huone','@asiakas:localhost',1799643600,1799643600,'locked','{}','locked',NULL);
CREATE TABLE inquiry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL UNIQUE, lane INTEGER NOT NULL REFERENCES room (lane),
    person TEXT, language TEXT NOT NULL, asked INTEGER NOT NULL, words TEXT, masked TEXT NOT NULL,
    state TEXT NOT NULL, band TEXT, entry TEXT, answered INTEGER, unit TEXT, card INTEGER, draft TEXT, author TEXT
) STRICT;
CREATE TABLE job (
    kind TEXT NOT NULL, subject TEXT NOT NULL, due INTEGER NOT NULL, stale INTEGER, done INTEGER,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO "job" VALUES('close','1',1800343800,NULL,NULL);
INSERT INTO "job" VALUES('close','2',1799730000,NULL,NULL);
INSERT INTO "job" VALUES('day-before','1',1799650800,1799730000,NULL);
INSERT INTO "job" VALUES('forget','1',1807515000,NULL,NULL);
INSERT INTO "job" VALUES('forget','2',1807419600,NULL,NULL);
INSERT INTO "job" VALUES('soon','1',1799736600,1799737500,NULL);
CREATE TABLE outbox (
    item INTEGER PRIMARY KEY, lane INTEGER NOT NULL REFERENCES room (lane), kind TEXT NOT NULL, payload TEXT,
    key TEXT NOT NULL UNIQUE, urgent INTEGER NOT NULL, created INTEGER NOT NULL, not_before INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, begun INTEGER, device TEXT,
    state TEXT NOT NULL DEFAULT 'waiting', event_id TEXT
) STRICT;
INSERT INTO "outbox" VALUES(1,1,'open','{}','room:1:open',1,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(2,1,'invite','{"user": "@asiakas:localhost"}','room:1:invite:@asiakas:localhost',1,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(3,1,'invite','{"user": "@rakennustarkastaja:localhost"}','room:1:invite:@rakennustarkastaja:localhost',1,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(4,1,'say','{"body": "Tervetuloa! Tässä huoneessa tavataan sovittuna aikana. Voit kirjoittaa ja lähettää liitteitä jo nyt.\n\n• Palvelu: Rakennusluvat\n• Aika: ti 12.1. klo 9.00–9.30\n• Palvelija: Rakennustarkastaja\n• Varausnumero: NCKFQP\n• Ota esille: Kiinteistön osoite tai kiinteistötunnus ja luonnos, jos sinulla on se.\n\nEtkö pääse? Siirrä aika: !siirrä NCKFQP tai peru se: !peru NCKFQP\n\nYhteys on suojattu, mutta huonetta ja videotapaamista ei ole salattu päästä päähän. Siksi mukaan voi kutsua vieraan linkillä: !kutsu", "html": "<p>Tervetuloa! Tässä huoneessa tavataan sovittuna aikana. Voit kirjoittaa ja lähettää liitteitä jo nyt.</p><ul><li>Palvelu: <strong>Rakennusluvat</strong></li><li>Aika: <strong>ti 12.1. klo 9.00–9.30</strong></li><li>Palvelija: Rakennustarkastaja</li><li>Varausnumero: <strong>NCKFQP</strong></li><li>Ota esille: Kiinteistön osoite tai kiinteistötunnus ja luonnos, jos sinulla on se.</li></ul><p>Etkö pääse? Siirrä aika: <code>!siirrä NCKFQP</code> tai peru se: <code>!peru NCKFQP</code></p><p>Yhteys on suojattu, mutta huonetta ja videotapaamista ei ole salattu päästä päähän. Siksi mukaan voi kutsua vieraan linkillä: <code>!kutsu</code></p>", "mention": []}','appointment:1:welcome',1,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(5,1,'attach','{"name": "aika-NCKFQP.ics", "media_type": "text/calendar", "data": "QkVHSU46VkNBTEVOREFSDQpWRVJTSU9OOjIuMA0KUFJPRElEOi0vL2VBaHRhcmkvL0FwcG9pbnRtZW50cy8vRU4NCkNBTFNDQUxFOkdSRUdPUklBTg0KTUVUSE9EOlBVQkxJU0gNCkJFR0lOOlZUSU1FWk9ORQ0KVFpJRDpFdXJvcGUvSGVsc2lua2kNCkJFR0lOOkRBWUxJR0hUDQpEVFNUQVJUOjIwMjYwMzI5VDAzMDAwMA0KUlJVTEU6RlJFUT1ZRUFSTFk7QllEQVk9LTFTVTtCWU1PTlRIPTMNClRaTkFNRTpFRVNUDQpUWk9GRlNFVEZST006KzAyMDANClRaT0ZGU0VUVE86KzAzMDANCkVORDpEQVlMSUdIVA0KQkVHSU46U1RBTkRBUkQNCkRUU1RBUlQ6MjAyNjEwMjVUMDQwMDAwDQpSUlVMRTpGUkVRPVlFQVJMWTtCWURBWT0tMVNVO0JZTU9OVEg9MTANClRaTkFNRTpFRVQNClRaT0ZGU0VURlJPTTorMDMwMA0KVFpPRkZTRVRUTzorMDIwMA0KRU5EOlNUQU5EQVJEDQpFTkQ6VlRJTUVaT05FDQpCRUdJTjpWRVZFTlQNClNVTU1BUlk6UmFrZW5udXNsdXZhdA0KRFRTVEFSVDtUWklEPUV1cm9wZS9IZWxzaW5raToyMDI3MDExMlQwOTAwMDANCkRURU5EO1RaSUQ9RXVyb3BlL0hlbHNpbmtpOjIwMjcwMTEyVDA5MzAwMA0KRFRTVEFNUDoyMDI3MDExMVQwNTAwMDBaDQpVSUQ6TkNLRlFQQGxvY2FsaG9zdA0KU0VRVUVOQ0U6MA0KREVTQ1JJUFRJT046VmFyYXVzbnVtZXJvOiBOQ0tGUVBcbkxpaXR5IG7DpGluOiBhdmFhIE1hdHJpeC1zb3ZlbGx1a3Nlc3Nhc2kNCiAgaHVvbmVcLCBqb2hvbiBzYWl0IGt1dHN1bi5cbk90YSBlc2lsbGU6IEtpaW50ZWlzdMO2biBvc29pdGUgdGFpIGtpaW50ZWlzdA0KIMO2dHVubnVzIGphIGx1b25ub3NcLCBqb3Mgc2ludWxsYSBvbiBzZS5cbkV0a8O2IHDDpMOkc2U/IEtpcmpvaXRhIHBhbHZlbHVsDQogbGU6ICFwZXJ1IE5DS0ZRUFxuVG9pbmVuIGFpa2E6ICFzaWlycsOkIE5DS0ZRUA0KU1RBVFVTOkNPTkZJUk1FRA0KVFJBTlNQOk9QQVFVRQ0KRU5EOlZFVkVOVA0KRU5EOlZDQUxFTkRBUg0K"}','appointment:1:0:calendar',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(6,2,'open','{}','room:2:open',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(7,2,'invite','{"user": "@rakennustarkastaja:localhost"}','room:2:invite:@rakennustarkastaja:localhost',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(8,2,'say','{"body": "Varattu: ti 12.1. klo 9.00–9.30 · Rakennusluvat · Rakennustarkastaja · NCKFQP", "html": "<p><strong>Varattu</strong>: ti 12.1. klo 9.00–9.30 · Rakennusluvat · Rakennustarkastaja · NCKFQP</p>", "mention": []}','appointment:1:card',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(9,3,'open','{}','room:3:open',1,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(10,3,'invite','{"user": "@vieras:localhost"}','room:3:invite:@vieras:localhost',1,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(11,3,'invite','{"user": "@yhteispalveluneuvoja:localhost"}','room:3:invite:@yhteispalveluneuvoja:localhost',1,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(12,3,'say','{"body": "Tervetuloa! Tässä huoneessa tavataan sovittuna aikana. Voit kirjoittaa ja lähettää liitteitä jo nyt.\n\n• Palvelu: Kelan asiointi\n• Aika: ti 12.1. klo 9.00–9.30\n• Palvelija: Yhteispalveluneuvoja\n• Varausnumero: KYRH77\n• Ota esille: Henkilöllisyystodistus.\n\nEtkö pääse? Siirrä aika: !siirrä KYRH77 tai peru se: !peru KYRH77\n\nYhteys on suojattu, mutta huonetta ja videotapaamista ei ole salattu päästä päähän. Siksi mukaan voi kutsua vieraan linkillä: !kutsu", "html": "<p>Tervetuloa! Tässä huoneessa tavataan sovittuna aikana. Voit kirjoittaa ja lähettää liitteitä jo nyt.</p><ul><li>Palvelu: <strong>Kelan asiointi</strong></li><li>Aika: <strong>ti 12.1. klo 9.00–9.30</strong></li><li>Palvelija: Yhteispalveluneuvoja</li><li>Varausnumero: <strong>KYRH77</strong></li><li>Ota esille: Henkilöllisyystodistus.</li></ul><p>Etkö pääse? Siirrä aika: <code>!siirrä KYRH77</code> tai peru se: <code>!peru KYRH77</code></p><p>Yhteys on suojattu, mutta huonetta ja videotapaamista ei ole salattu päästä päähän. Siksi mukaan voi kutsua vieraan linkillä: <code>!kutsu</code></p>", "mention": []}','appointment:2:welcome',1,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(13,3,'attach','{"name": "aika-KYRH77.ics", "media_type": "text/calendar", "data": "QkVHSU46VkNBTEVOREFSDQpWRVJTSU9OOjIuMA0KUFJPRElEOi0vL2VBaHRhcmkvL0FwcG9pbnRtZW50cy8vRU4NCkNBTFNDQUxFOkdSRUdPUklBTg0KTUVUSE9EOlBVQkxJU0gNCkJFR0lOOlZUSU1FWk9ORQ0KVFpJRDpFdXJvcGUvSGVsc2lua2kNCkJFR0lOOkRBWUxJR0hUDQpEVFNUQVJUOjIwMjYwMzI5VDAzMDAwMA0KUlJVTEU6RlJFUT1ZRUFSTFk7QllEQVk9LTFTVTtCWU1PTlRIPTMNClRaTkFNRTpFRVNUDQpUWk9GRlNFVEZST006KzAyMDANClRaT0ZGU0VUVE86KzAzMDANCkVORDpEQVlMSUdIVA0KQkVHSU46U1RBTkRBUkQNCkRUU1RBUlQ6MjAyNjEwMjVUMDQwMDAwDQpSUlVMRTpGUkVRPVlFQVJMWTtCWURBWT0tMVNVO0JZTU9OVEg9MTANClRaTkFNRTpFRVQNClRaT0ZGU0VURlJPTTorMDMwMA0KVFpPRkZTRVRUTzorMDIwMA0KRU5EOlNUQU5EQVJEDQpFTkQ6VlRJTUVaT05FDQpCRUdJTjpWRVZFTlQNClNVTU1BUlk6S2VsYW4gYXNpb2ludGkNCkRUU1RBUlQ7VFpJRD1FdXJvcGUvSGVsc2lua2k6MjAyNzAxMTJUMDkwMDAwDQpEVEVORDtUWklEPUV1cm9wZS9IZWxzaW5raToyMDI3MDExMlQwOTMwMDANCkRUU1RBTVA6MjAyNzAxMTFUMDUwMDAwWg0KVUlEOktZUkg3N0Bsb2NhbGhvc3QNClNFUVVFTkNFOjANCkRFU0NSSVBUSU9OOlZhcmF1c251bWVybzogS1lSSDc3XG5MaWl0eSBuw6RpbjogYXZhYSBNYXRyaXgtc292ZWxsdWtzZXNzYXNpDQogIGh1b25lXCwgam9ob24gc2FpdCBrdXRzdW4uXG5PdGEgZXNpbGxlOiBIZW5raWzDtmxsaXN5eXN0b2Rpc3R1cy5cbkV0a8O2IHANCiDDpMOkc2U/IEtpcmpvaXRhIHBhbHZlbHVsbGU6ICFwZXJ1IEtZUkg3N1xuVG9pbmVuIGFpa2E6ICFzaWlycsOkIEtZUkg3Nw0KU1RBVFVTOkNPTkZJUk1FRA0KVFJBTlNQOk9QQVFVRQ0KRU5EOlZFVkVOVA0KRU5EOlZDQUxFTkRBUg0K"}','appointment:2:0:calendar',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(14,4,'open','{}','room:4:open',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(15,4,'invite','{"user": "@palveluneuvoja:localhost"}','room:4:invite:@palveluneuvoja:localhost',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(16,4,'invite','{"user": "@yhteispalveluneuvoja:localhost"}','room:4:invite:@yhteispalveluneuvoja:localhost',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(17,4,'say','{"body": "Varattu: ti 12.1. klo 9.00–9.30 · Kelan asiointi · Yhteispalveluneuvoja · KYRH77\n\n🔁 tarjoa työkaverille", "html": "<p><strong>Varattu</strong>: ti 12.1. klo 9.00–9.30 · Kelan asiointi · Yhteispalveluneuvoja · KYRH77</p><p>🔁 tarjoa työkaverille</p>", "mention": []}','appointment:2:card',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(18,4,'react','{"key": "🔁", "item": 17, "event": null}','appointment:2:card:🔁',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(19,4,'react','{"key": "✋", "item": 17, "event": null}','appointment:2:card:✋',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(20,4,'amend','{"item": 17, "body": "Asiakas perui: ti 12.1. klo 9.00–9.30 · Kelan asiointi · Yhteispalveluneuvoja · KYRH77", "html": "<p><strong>Asiakas perui</strong>: ti 12.1. klo 9.00–9.30 · Kelan asiointi · Yhteispalveluneuvoja · KYRH77</p>"}','appointment:2:card:2',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(21,3,'say','{"body": "Asiakas perui ajan. Se on taas vapaana muille.\n\n• Palvelu: Kelan asiointi\n• Aika: ti 12.1. klo 9.00–9.30\n• Palvelija: Yhteispalveluneuvoja\n• Varausnumero: KYRH77\n• Ota esille: Henkilöllisyystodistus.", "html": "<p><strong>Asiakas perui ajan. Se on taas vapaana muille.</strong></p><ul><li>Palvelu: <strong>Kelan asiointi</strong></li><li>Aika: <strong>ti 12.1. klo 9.00–9.30</strong></li><li>Palvelija: Yhteispalveluneuvoja</li><li>Varausnumero: <strong>KYRH77</strong></li><li>Ota esille: Henkilöllisyystodistus.</li></ul>", "mention": ["@yhteispalveluneuvoja:localhost"]}','appointment:2:cancelled',1,1799643600,0,0,NULL,NULL,'waiting',NULL);
INSERT INTO "outbox" VALUES(22,3,'attach','{"name": "aika-KYRH77.ics", "media_type": "text/calendar", "data": "QkVHSU46VkNBTEVOREFSDQpWRVJTSU9OOjIuMA0KUFJPRElEOi0vL2VBaHRhcmkvL0FwcG9pbnRtZW50cy8vRU4NCkNBTFNDQUxFOkdSRUdPUklBTg0KTUVUSE9EOkNBTkNFTA0KQkVHSU46VlRJTUVaT05FDQpUWklEOkV1cm9wZS9IZWxzaW5raQ0KQkVHSU46REFZTElHSFQNCkRUU1RBUlQ6MjAyNjAzMjlUMDMwMDAwDQpSUlVMRTpGUkVRPVlFQVJMWTtCWURBWT0tMVNVO0JZTU9OVEg9Mw0KVFpOQU1FOkVFU1QNClRaT0ZGU0VURlJPTTorMDIwMA0KVFpPRkZTRVRUTzorMDMwMA0KRU5EOkRBWUxJR0hUDQpCRUdJTjpTVEFOREFSRA0KRFRTVEFSVDoyMDI2MTAyNVQwNDAwMDANClJSVUxFOkZSRVE9WUVBUkxZO0JZREFZPS0xU1U7QllNT05USD0xMA0KVFpOQU1FOkVFVA0KVFpPRkZTRVRGUk9NOiswMzAwDQpUWk9GRlNFVFRPOiswMjAwDQpFTkQ6U1RBTkRBUkQNCkVORDpWVElNRVpPTkUNCkJFR0lOOlZFVkVOVA0KU1VNTUFSWTpQZXJ1dHR1OiBLZWxhbiBhc2lvaW50aQ0KRFRTVEFSVDtUWklEPUV1cm9wZS9IZWxzaW5raToyMDI3MDExMlQwOTAwMDANCkRURU5EO1RaSUQ9RXVyb3BlL0hlbHNpbmtpOjIwMjcwMTEyVDA5MzAwMA0KRFRTVEFNUDoyMDI3MDExMVQwNTAwMDBaDQpVSUQ6S1lSSDc3QGxvY2FsaG9zdA0KU0VRVUVOQ0U6MQ0KREVTQ1JJUFRJT046VMOkbcOkIGFpa2Egb24gcGVydXR0dS5cblZhcmF1c251bWVybzogS1lSSDc3DQpTVEFUVVM6Q0FOQ0VMTEVEDQpUUkFOU1A6VFJBTlNQQVJFTlQNCkVORDpWRVZFTlQNCkVORDpWQ0FMRU5EQVINCg=="}','appointment:2:1:calendar',0,1799643600,0,0,NULL,NULL,'waiting',NULL);
CREATE TABLE person (
    user_id TEXT PRIMARY KEY, language TEXT, chosen INTEGER NOT NULL DEFAULT 0,
    allowance REAL NOT NULL, counted_at INTEGER NOT NULL, told INTEGER NOT NULL DEFAULT 0
, identity INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
INSERT INTO "person" VALUES('@asiakas:localhost','sv',1,3.0,1799643600,0,0);
CREATE TABLE proposal (
    id INTEGER PRIMARY KEY, event TEXT NOT NULL UNIQUE, lane INTEGER NOT NULL REFERENCES room (lane),
    person TEXT NOT NULL, language TEXT NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL, state TEXT NOT NULL
) STRICT;
CREATE TABLE ptv_tie (
    entry TEXT NOT NULL, position INTEGER NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (entry, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "ptv_tie" VALUES('avustus',0,'kanava');
CREATE TABLE quantum (
    resource TEXT NOT NULL, at INTEGER NOT NULL, appointment INTEGER NOT NULL,
    PRIMARY KEY (resource, at)
) STRICT, WITHOUT ROWID;
INSERT INTO "quantum" VALUES('rakennustarkastaja',1799737200,1);
INSERT INTO "quantum" VALUES('rakennustarkastaja',1799737500,1);
INSERT INTO "quantum" VALUES('rakennustarkastaja',1799737800,1);
INSERT INTO "quantum" VALUES('rakennustarkastaja',1799738100,1);
INSERT INTO "quantum" VALUES('rakennustarkastaja',1799738400,1);
INSERT INTO "quantum" VALUES('rakennustarkastaja',1799738700,1);
CREATE TABLE question (
    room_id TEXT NOT NULL, person TEXT NOT NULL, item INTEGER, language TEXT NOT NULL,
    prefix TEXT NOT NULL, choices TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (room_id, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "question" VALUES('!huone','@asiakas:localhost',1,'fi','!varaa','["!varaa kela"]',1799643600);
CREATE TABLE room (
    lane INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, plan TEXT,
    alias TEXT NOT NULL UNIQUE, room_id TEXT UNIQUE, created INTEGER NOT NULL, media TEXT,
    UNIQUE (kind, subject)
) STRICT;
INSERT INTO "room" VALUES(1,'appointment','1','{"kind": "appointment", "subject": "1", "name": "Rakennusluvat ti 12.1. klo 9.00", "topic": "Varausnumero: NCKFQP", "encrypted": false, "invitees": ["@asiakas:localhost", "@rakennustarkastaja:localhost"], "direct": false}','huone-c8e7886343b67afb',NULL,1799643600,NULL);
INSERT INTO "room" VALUES(2,'unit','rakennusvalvonta','{"kind": "unit", "subject": "rakennusvalvonta", "name": "Henkil\u00f6st\u00f6: Rakennusvalvonta", "topic": "Yksik\u00f6n varaukset. P\u00e4iv\u00e4n lista: !p\u00e4iv\u00e4", "encrypted": false, "invitees": ["@rakennustarkastaja:localhost"], "direct": false}','huone-163b111ffbd45bc0',NULL,1799643600,NULL);
INSERT INTO "room" VALUES(3,'appointment','2','{"kind": "appointment", "subject": "2", "name": "Kelan asiointi ti 12.1. klo 9.00", "topic": "Varausnumero: KYRH77", "encrypted": false, "invitees": ["@vieras:localhost", "@yhteispalveluneuvoja:localhost"], "direct": false}','huone-2ebc02be01e5dc44',NULL,1799643600,NULL);
INSERT INTO "room" VALUES(4,'unit','yhteispalvelu','{"kind": "unit", "subject": "yhteispalvelu", "name": "Henkil\u00f6st\u00f6: Yhteispalvelupiste", "topic": "Yksik\u00f6n varaukset. P\u00e4iv\u00e4n lista: !p\u00e4iv\u00e4", "encrypted": false, "invitees": ["@palveluneuvoja:localhost", "@yhteispalveluneuvoja:localhost"], "direct": false}','huone-c796bbc623db8289',NULL,1799643600,NULL);
CREATE TABLE series (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, created INTEGER NOT NULL) STRICT;
CREATE TABLE taught_term (
    entry TEXT NOT NULL, language TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (entry, language, word)
) STRICT, WITHOUT ROWID;
CREATE TABLE test_question (
    id INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE, entry TEXT NOT NULL
) STRICT;
CREATE TABLE told (
    freed INTEGER NOT NULL REFERENCES freed (id), waiting INTEGER NOT NULL REFERENCES waiting (id),
    PRIMARY KEY (freed, waiting)
) STRICT, WITHOUT ROWID;
CREATE TABLE waiting (
    id INTEGER PRIMARY KEY, citizen TEXT NOT NULL, service TEXT NOT NULL, before INTEGER NOT NULL,
    created INTEGER NOT NULL, ended INTEGER
) STRICT;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX inbox_open ON inbox (received) WHERE state = 'new' OR state = 'locked';
CREATE INDEX outbox_waiting ON outbox (lane, item) WHERE state = 'waiting';
CREATE INDEX outbox_event ON outbox (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX appointment_citizen ON appointment (citizen, end) WHERE state = 'booked';
CREATE INDEX history_appointment ON history (appointment);
CREATE INDEX appointment_taken ON appointment (official, busy_start)
    WHERE state = 'booked' OR state = 'held' OR state = 'visited' OR state = 'no-show';
CREATE INDEX appointment_place ON appointment (place, busy_start)
    WHERE place IS NOT NULL AND (state = 'booked' OR state = 'held' OR state = 'visited' OR state = 'no-show');
CREATE INDEX appointment_card ON appointment (card) WHERE card IS NOT NULL;
CREATE INDEX appointment_held ON appointment (until) WHERE state = 'held';
CREATE INDEX appointment_series ON appointment (series) WHERE series IS NOT NULL;
CREATE INDEX appointment_missed ON appointment (citizen, start) WHERE state = 'cancelled' OR state = 'no-show';
CREATE INDEX appointment_gone ON appointment (official, start) WHERE state = 'cancelled';
CREATE INDEX appointment_last ON appointment (citizen, service, start) WHERE state = 'visited' OR state = 'booked';
CREATE INDEX block_resource ON block (resource, start);
CREATE INDEX block_source ON block (kind, source);
CREATE INDEX job_due ON job (due) WHERE done IS NULL;
CREATE UNIQUE INDEX waiting_open ON waiting (service, citizen) WHERE ended IS NULL;
CREATE INDEX inquiry_new ON inquiry (id) WHERE state = 'new';
CREATE INDEX inquiry_open ON inquiry (asked) WHERE state = 'open' OR state = 'unsure';
CREATE INDEX inquiry_lane ON inquiry (lane, answered) WHERE entry IS NOT NULL;
CREATE INDEX inquiry_card ON inquiry (card) WHERE card IS NOT NULL;
CREATE INDEX proposal_new ON proposal (id) WHERE state = 'new';
CREATE UNIQUE INDEX room_media ON room (media) WHERE media IS NOT NULL;
CREATE INDEX conference_link_appointment ON conference_link (appointment);
CREATE INDEX conference_visitor_link ON conference_visitor (link, session);
CREATE INDEX conference_visitor_shown ON conference_visitor (id) WHERE shown IS NOT NULL;
CREATE INDEX conference_visitor_card ON conference_visitor (card) WHERE card IS NOT NULL;
CREATE INDEX conference_presence_open ON conference_presence (room) WHERE ended IS NULL;
CREATE INDEX conference_presence_named ON conference_presence (room) WHERE identity != '';
CREATE INDEX conference_order_waiting ON conference_order (id) WHERE state = 'waiting';
CREATE INDEX catalogue_import_source ON catalogue_import (source, code, at) WHERE failure IS NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('conference_link',1);
INSERT INTO "sqlite_sequence" VALUES('conference_visitor',1);
INSERT INTO "sqlite_sequence" VALUES('conference_presence',1);
INSERT INTO "sqlite_sequence" VALUES('conference_order',1);
COMMIT;
