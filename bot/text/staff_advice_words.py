"""What officials are told about citizens' questions."""

from bot.domain.language import Text

NO_SUCH = Text(
    fi="Sellaista kysymystä ei ole. Näet kysymykset näin: !kysymykset",
    sv="Den frågan finns inte. Du ser frågorna så här: !frågor",
    en="There is no such question. See them like this: !questions",
)
HOW_TO_ANSWER = Text(
    fi="Kirjoita vastaus samalle riville: !vastaa {n} vastauksesi",
    sv="Skriv svaret på samma rad: !svara {n} ditt svar",
    en="Write the answer on the same line: !answer {n} your answer",
)
IN_PRIVATE_ONLY = Text(
    fi="luottamuksellinen, näet sen yksityisessä keskustelussa kanssani",
    sv="konfidentiell, du ser den i vår privata chatt",
    en="confidential, you see it in our direct chat",
)
ALREADY_ANSWERED = Text(
    fi="Kysymykseen {n} on jo vastattu, tai sen kysyjä ei odota enää.",
    sv="Frågan {n} är redan besvarad, eller ingen väntar på svar.",
    en="Question {n} is answered already, or nobody waits for it any more.",
)
SENT = Text(
    fi="Vastauksesi kysymykseen {n} on lähetetty. Talleta se neuvontaan: !talleta {n}",
    sv="Ditt svar på frågan {n} är skickat. Spara det i rådgivningen: !spara {n}",
    en="Your answer to question {n} is sent. Keep it for the advice: !keep {n}",
)
SENT_CONFIDENTIAL = Text(
    fi="Vastauksesi kysymykseen {n} on lähetetty.",
    sv="Ditt svar på frågan {n} är skickat.",
    en="Your answer to question {n} is sent.",
)
CONFIDENTIAL = Text(
    fi="Luottamuksellista vastausta ei talleteta neuvontaan. Kirjoita yleinen ohje neuvonnan tietoihin.",
    sv="Ett konfidentiellt svar sparas inte i rådgivningen. Skriv en allmän anvisning i rådgivningens uppgifter.",
    en="A confidential answer is not kept for the advice. Write general guidance into its entries instead.",
)
NOTHING_TO_KEEP = Text(
    fi="Talletettavaa vastausta ei ole. Vastaa ensin: !vastaa K12 vastauksesi",
    sv="Det finns inget svar att spara. Svara först: !svara K12 ditt svar",
    en="There is no answer to keep. Answer first: !answer K12 your answer",
)
PROPOSED = Text(
    fi="Ehdotus on tehty. Joku muu kuin vastaaja hyväksyy sen: !hyväksy {n}",
    sv="Förslaget är gjort. Någon annan än den som svarade godkänner det: !godkänn {n}",
    en="Proposed. Somebody else than who answered accepts it: !accept {n}",
)
NOTHING_TO_ACCEPT = Text(
    fi="Sillä numerolla ei ole ehdotusta. Tee se ensin: !talleta K12",
    sv="Det finns inget förslag med det numret. Gör det först: !spara K12",
    en="There is no proposal with that number. Make it first: !keep K12",
)
NOT_YOUR_OWN = Text(
    fi="Oman vastauksen hyväksyy työkaveri. Pyydä häntä katsomaan se.",
    sv="Ditt eget svar godkänns av en kollega. Be henne eller honom titta på det.",
    en="A colleague accepts your own answer. Please ask one to look at it.",
)
ACCEPTED = Text(
    fi="Vastaus on nyt neuvonnassa. Se on käytössä hetken kuluttua.",
    sv="Svaret finns nu i rådgivningen. Det tas i bruk om en stund.",
    en="The answer is now part of the advice. It is in use in a moment.",
)
NO_QUESTIONS = Text(
    fi="Vastaamattomia kysymyksiä ei ole.", sv="Det finns inga obesvarade frågor.", en="There are no open questions."
)
HEAD = Text(
    fi="Kysymyksiä ilman vastausta 60 päivän ajalta: {n}",
    sv="Frågor utan svar under 60 dagar: {n}",
    en="Questions without an answer within 60 days: {n}",
)
HOW_TO_GO_ON = Text(
    fi="Vastaa: !vastaa ja kysymyksen numero. Nimiä ja tunnuksia ei näytetä.",
    sv="Svara: !svara och frågans nummer. Namn och nummer visas inte.",
    en="Answer: !answer and the question's number. Names and codes are not shown.",
)
ALIKE = Text(fi=" (+{n} samanlaista)", sv=" (+{n} liknande)", en=" (+{n} alike)")
WAITS = Text(fi=" · odottaa vastausta", sv=" · väntar på svar", en=" · waits for an answer")
