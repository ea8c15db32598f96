# English. Arguments: $name a person's first name, $star a celebrity's name, $note who that is, $percent "87%".

## Commands, as Telegram's menu shows them
command-start = what this bot does
command-help = how to get a good answer
command-privacy = what happens to your photo
command-delete = erase everything about me
command-export = get everything kept about me
command-mine = the stars I got
command-top = the stars most people met this week
command-settings = among whom I look for your star
command-language = choose the language

## What is seen of the bot before anybody writes: name (64 letters), description (512), short description (120)
profile-name = Who do I look like?
profile-description =
    Send me a selfie, and I will tell you which celebrity you look like and how much. With a picture to share. ✨

    🙋 One face, a whole group, you and a friend.
    🔒 Your photo is looked at once and thrown away. Nothing of your face is ever stored.
    🎭 It is a game for grown-ups, and it identifies nobody.
profile-short-description = A selfie in, your star out: which celebrity do you look like? Just for fun, no photo is kept. 📸

## Greetings and help
start =
    Hi { $name }! Send me a selfie and I will tell you which celebrity you look like, and how much.

    { $people ->
        [one] One star is
       *[other] { $people } stars are
    } waiting to meet you. 📸
friend = friend
hello = Hello { $name }! Send me a photo of your face and I will find your star. 📸
help =
    Send a photo, and I answer with your star and a percentage.

    • One face, from the front, in good light works best.
    • Several people in the picture? Everybody gets a star.
    • Albums work, and so do pictures sent as a file (JPEG, PNG, HEIC, WebP, AVIF, GIF). Of videos, GIFs and stickers I look at one frame.

    The percentage: at 87% you look more like your star than 87% of people look like theirs.

    It is a game for grown-ups: on children's faces it is poor. It identifies nobody.

    { $commands }
send-photo = Send me a photo with a face in it, and I will find your star. /help tells more.
only-pictures = I can only look at pictures. Send one as a photo, or as a JPEG, PNG, HEIC, WebP, AVIF or GIF file.
old-button = That button is from another time, and I no longer know what to do with it. Send me a photo. 📸
unknown-command = I do not know that command. Send me a photo, or see /help.

## Consent
consent =
    Before I look at your photo, { $name }:

    • Your face is measured and compared with the stars, and drawn into the pictures that you get. Then the photo and the measurements are thrown away; neither is ever stored.
    • What is kept, encrypted: which stars you got and Telegram's ids of your last cards, so that you can share them, for { $days ->
        [one] one day
       *[other] { $days } days
    }; how often you found each star, for a year; your Telegram id, name, language and settings. /delete erases all of it at once.
    • It is a game for grown-ups, and poor on children's faces. It identifies nobody.
    • Send only photos of yourself, or of people who agreed.

    Is that all right with you?
consent-changed = You agreed before. Since then there is more that I keep, so I ask you once more.
consent-again = This one waits too, until you answer what I asked above. Shall I look at them?
consent-question =
    In short: I look at the photo for about a second, compare the face with the stars, and throw both away. Nobody sees it, and it is never stored. I keep which stars you got, for { $days ->
        [one] one day
       *[other] { $days } days
    }; /delete erases everything. More: /privacy.

    Shall I look at it?
not-yours = This button is somebody else's. Send me a photo of yours, and you get your own.
consent-yes = Yes, find my star
consent-no = No, thanks
consent-thanks = Thank you! Looking for your star… ✨
consent-refused = All right: I did not look at your photo, and I have forgotten it. If you change your mind, just send one again.
consent-withdrawn = All right: I will look at no more photos of yours. What is kept, /delete erases.
consent-given = Thank you! Now send me a photo. 📸
consent-stale = You agreed before. Send me a photo. 📸

## Answers
tier-twin = { $variant ->
    [0] A likeness that makes people look twice.
    [1] Two strangers are seldom more alike than this.
    [2] Very, very close!
    [3] From across the street, hard to tell apart.
    [4] A rare likeness.
    [5] Your friends may start to call you by that name.
    [6] If they ever need a stand-in, there you are.
    [7] Now that is a likeness!
    [8] Few people come this near to their star.
   *[other] A great deal of the face is the same.
    }
tier-strong = { $variant ->
    [0] A striking likeness!
    [1] One can see it at once.
    [2] More than a hint: a clear likeness.
    [3] Somebody will tell you so one day.
    [4] A good match, well above most.
    [5] You could pass for a cousin.
    [6] There is a lot of that face in yours.
    [7] Put on sunglasses, and people may wonder.
    [8] A likeness worth telling of.
   *[other] You two would look well side by side.
    }
tier-some = { $variant ->
    [0] There is something of them in you.
    [1] A hint of it, and a nice one.
    [2] In the right light, yes.
    [3] Some features rhyme.
    [4] A family air, on a good day.
    [5] Not a double, and still there is something.
    [6] The likeness hides, but it is there.
    [7] Half a likeness, and a whole face of your own.
    [8] A pinch of stardust.
   *[other] Look twice, and you see it.
    }
tier-faint = { $variant ->
    [0] A faint likeness, but nobody is nearer.
    [1] Most of all you look like yourself.
    [2] A rare face: even the nearest star is far away.
    [3] What the stars still lack is you.
    [4] Hardly anybody looks like you, and that is a compliment.
    [5] An original! This star just comes nearest.
    [6] No double was found; this is your nearest neighbour in the sky.
    [7] A face of its own. If it must be a star, then this one.
    [8] Only a little alike: the gallery has few faces like yours.
   *[other] One of a kind, with a slight nod to this star.
    }
answer =
    { $percent } { $star }{ $note }
    { $tier }
    { $meaning }
answer-meaning = You look more like your star than { $percent } of people look like theirs.
answer-place = Number { $place } of the { $count } stars most like you.
among = Among { $who }:
among-born = Among { $who }, born { $years }:
among-any = stars
among-male = men
among-female = women
from-africa = from Africa
from-asia = from Asia
from-east-asia = from East Asia
from-south-asia = from South Asia
from-middle-east = from the Middle East
from-europe = from Europe
from-north-america = from North America
from-latin-america = from Latin America
from-oceania = from Oceania
answer-group = 👥 In the picture, from left to right:
answer-other = { $star } – { $percent }
answer-more-people = …and { $count } more
note = , { $note }
doubt-dark = 🌙 It is dark in this photo, so I am less sure. One in good light may bring another star.
doubt-blurred = 🌫 Your face is blurred here, so I am less sure. A sharper photo may bring another star.
doubt-covered = 😷 Part of your face is covered, so I am less sure. A photo of all of it may bring another star.
doubt-turned = ↪️ Your face is turned away, so I am less sure. One from the front may bring another star.
card-you = You
card-question = And you? Who do you look like?
card-from-photos = from { $photos } photos
card-credit = Photo: { $author }{ $license }
card-credit-license = , { $license }
card-credit-cropped = { $credit }, cropped
card-license = { $credit } · card: { $license }
credit-source = source
credit = 📷 { $author }{ $license }
button-next = Another star ▶
button-previous = ◀ Back
button-filters = Region and era
button-back = ◀ Back to my star
chosen = ✓ { $what }
where-male = Men
where-female = Women
where-any = Anybody
where-nobody = Nobody is left there to compare you with. Try a wider choice.
region-any = The whole world
region-africa = Africa
region-asia = Asia
region-east-asia = East Asia
region-south-asia = South Asia
region-middle-east = Middle East
region-europe = Europe
region-north-america = North America
region-latin-america = Latin America
region-oceania = Oceania
era-any = Born at any time
era-until = up to { $last }
era-from = since { $first }
settings = I look for your star here: { $among }. What shall it be from now on?
settings-anybody = among all stars
photo-gone = I can no longer see that photo; perhaps it was deleted. Send it once more, and we go on. 📸
button-about = Who is { $star }?
button-share = Tell a friend
share-text = I look like { $star }: { $percent }! And you?
more = After { $star } ({ $percent }), you look most like:
more-line = { $rank }. { $star } – { $percent }
more-none = There is nothing more to show for that photo. Send me a new one. 📸

## Collecting
mine = ⭐ Your stars: { $count } of { $people }.
mine-rarest =
    💎 The rarest: { $star }, { $people ->
        [one] whom nobody but you has met
       *[other] met by { $people } people
    }.
mine-line = • { $star } – { $when }{ $times }
mine-times = , { $count ->
        [one] once
       *[other] { $count } times
    }
mine-unmet =
    🔭 { $count ->
        [one] One star has
       *[other] { $count } stars have
    } met nobody yet. Who are they? /top
mine-none = You have no stars yet. Send me a photo of your face to get the first of { $people }. 📸
ago =
    { $days ->
        [0] today
        [one] yesterday
       *[other] { $days } days ago
    }
top = 🔥 The stars most people met this week:
top-line =
    { $rank }. { $star } – { $people ->
        [one] one person
       *[other] { $people } people
    }
top-none = Nobody has met a star this week. Send me a photo of your face and be the first. 📸
top-unmet =
    🔭 { $count ->
        [one] One star has
       *[other] { $count } stars have
    } met nobody yet. Here are some:
inline-mine-too = Who do I look like? 📸
inline-how-alike = How alike are we? 📸
inline-find-mine = 📸 Find my star
inline-star = { $star }{ $note }
friend-star =
    👋 Hi { $name }! Your friend { $friend } came out as { $star }: { $percent }.
    And who do you look like? Send me a photo of your face. 📸
friend-link-over = Hi { $name }! What that link told is no longer told. But I can tell who you look like: send me a photo of your face. 📸
friend-link-own = That is your own link. Send it to a friend: it tells them which star you got.
button-morph = 🎬 Turn into the star
button-strip = 🖼 As five pictures
morph = You turning into { $star }: { $percent } 🎬
morph-license = This picture may be passed on under { $license } too.
morph-none = I cannot make that from this photo: I need a face from the front, and a star's photo that may be changed.
button-story = 📱 For a story
button-square = ◻️ Square
button-avatar = 🎨 Me as a drawing
avatar = You as a drawing 🎨
avatar-none = I cannot draw that photo: I need a face that is large enough and clearly visible.
avatar-comic = 💥 Comic
avatar-ink = 🖋 Ink
avatar-poster = 🌆 Poster
avatar-sticker = Make it a sticker
avatar-round = ⭕ Round
avatar-ask = 🎨 Send me a photo with your face large and clear, and I will draw you: as a comic, in ink, or as a poster.
avatar-own = I only draw whoever sent the photo. Reply with /avatar to a photo of your own, or send me one in private. 🎨
button-challenge = ⚔️ Challenge a friend
challenge-made =
    ⚔️ Send this link to a friend:
    { $link }
    When they send me a photo of their face, both of you get one card: your two faces, and how alike you are. The link works for seven days. Your photo stays with Telegram; I only note where it is.
challenge-send = Choose a friend
challenge-share = How alike are the two of us? ⚔️
challenge-take-back = Take it back
challenge-asked =
    ⚔️ { $friend } asks how alike you two are!
    Send me a photo of your face, and both of you get one card with your two faces and a percentage. Each of you can take it back.
challenge-no = No, thanks
challenge-again = { $reason }
    Send me another one, and the two of you are compared. ⚔️
challenge-own = That is your own challenge. Send the link to a friend. ⚔️
challenge-over = That challenge is over, or it was taken back.
duel-please-delete = Your friend has taken back the card of the two of you. I can no longer delete it here: please do that yourself. Thank you!
challenge-declined = All right, no comparing. If you change your mind, open the link again.
challenge-taken-back = Taken back: the link no longer works.
duel-result =
    ⚔️ You two, { $one } and { $other }: { $percent }
    { $tier }
    You are more alike than { $percent } of pairs of strangers. A game: it says nothing about being related.
duel-taken-back = Taken back: the card is deleted in both chats.
tell-friends = 🔗 Let my link tell friends my star
tell-friends-stop = 🔗 My link tells friends my star ✓

## Albums
album-pooled = 🖼 From { $photos } photos, looked at together.
album-one = 🖼 Seen in this one photo of the album.
album-left-out = { $photos ->
    [one] One more showed no face that I could use.
   *[other] { $photos } more showed no face that I could use.
}
album-each = I looked at each of these photos:
album-line = { $number }. { $answer }

## One star
command-star = a star's page, by name
star-ask = Whose page would you like? Type the name of a star.
star-which = Whom do you mean?
star-unknown = I know nobody by that name. Try another spelling, or another star.
star-gone = That star is no longer in my gallery. Try another one: /star
star-kin = The stars most like them (distance, cosine):
star-kin-line = • { $star } – { $distance }, { $cosine }
star-found = { $count ->
        [one] One person here
       *[other] { $count } people here
    } got this star.
button-duel = How alike are we?
duel-ask = How alike are you and { $star }? Send me a photo of your face, and I will tell. 📸
duel =
    { $percent } { $star }
    { $tier }
    You look more like { $star } than { $percent } of people do.
duel-twin = Next time somebody asks for your autograph, smile and sign.
duel-strong = Yes, I can see it. Others surely can too.
duel-some = There is a little something there.
duel-faint = Not much alike: there is only one of you.
duel-doubt = The photo is not quite clear, so I am less sure. Another one may bring another percentage.
duel-share-text = { $star } and I: { $percent } alike! And you?
role-actor = film
role-athlete = sports
role-singer = music
role-footballer = football
role-rapper = rap
role-coach = coaching
role-tennis-player = tennis
role-model = fashion
role-presenter = television
role-director = directing
role-dancer = dance
role-basketball-player = basketball
role-comedian = comedy
role-racing-driver = motor racing
role-politician = politics
role-royalty = royalty
role-writer = books
role-musician = music
role-businessperson = business
role-youtuber = YouTube

## Groups
group-welcome = Hi everybody! 👋 Reply to your own photo with /lookalike, or send one and mention { $bot } in its caption, and I tell whom you look like. To a photo of somebody else I ask them first. Otherwise I keep quiet.
group-no-pictures = I may not send pictures here, so my answers are words alone. An admin can change that.
group-next-photo = Send a photo of your face as a reply to this message, and I tell whom you look like. 📸
command-lookalike = whom do I look like? (in groups)
permission-star = { $name } asks: whom do you look like? May I look at this photo? Once; nothing of it is kept.
permission-pair = { $name } asks: how alike are you two? May I look at this photo? Once; nothing of it is kept.
permission-yes = Yes, go ahead
permission-no = No, thanks
permission-thanks = Thank you! Looking… ✨
permission-refused = All right: I did not look at this photo.
permission-old = That question is too old. Ask once more, please.
elsewhere-photo = Reply to a photo of your own with { $bot }, or put { $bot } into its caption, and I tell whom you look like. 📸
elsewhere-consent = Before I look at a photo I need your OK, once and in our own chat: open { $bot } and send me a photo there. After that it works here too.

## Comparing two people
command-compare = how alike are two people?
command-avatar = your photo as a drawing
compare-ask = 👥 Send me two photos, one after the other or together, and I will tell you how alike the two people are. Only with the yes of whoever is in them, please.
compare-second = Got it. Now the photo of the second person. 👥
compared =
    👥 { $percent }
    { $tier }
    They are more alike than { $percent } of pairs of strangers. A game: it says nothing about being related.
pair-twin = Could be twins, or one and the same person!
pair-strong = Strikingly alike: one might take them for a family.
pair-some = There is something they share.
pair-faint = Two very different faces, each one of a kind.
compare-refused-first = In the first photo: { $reason }
    Send me another one to compare with the second.
compare-refused-second = In the second photo: { $reason }
compare-gone = That photo is no longer there. Send it to me once more. 📸
compare-first-name = The first
compare-second-name = The second
compare-left-name = Left
compare-right-name = Right
button-compare = 👥 How alike are these two?
button-cards = 🖼 A card for everybody

## Menu and small talk
command-random = a star at random
menu-find = 📸 Find my star
menu-random = 🎲 Random star
menu-mine = ⭐ My stars
menu-how = 💬 How are you?
menu-great = 😊 Great!
menu-soso = 😐 So-so
menu-number = 🎲 Another one
menu-find-answer = With pleasure! Send me a photo of your face, and I will find your star. 📸
star-near = I am not sure whom you mean. One of these?
lost-menu = That went over my head, sorry. Here is what I do well:
lost-stars = I am better at faces than at words. Shall we look at one of these?
talk-thanks = You are welcome! 💛
talk-who = I am a bot who knows many famous faces. Send me yours, and I will tell which star you look like.
talk-how = Wonderful, thank you: stars all day long. And you?
talk-great = I am glad! The best moment for a selfie. 📸
talk-soso = Then let us cheer you up: a star, perhaps?
talk-number = Your number is { $number }.
talk-bye = See you! The stars and I will be here. 👋
talk-compliment = Thank you, I am blushing. 😊 You are not so bad yourself.
talk-insult = I still have much to learn. Let us try it with a photo: that is where I am at my best.
talk-love = That is sweet. ❤️ I am only a bot, but you have made my day.
talk-joke = { $variant ->
        [0] Why are stars never lonely? They always come in constellations.
        [1] My favourite sport? Face recognition. I always keep my eyes on the nose.
       *[other] A mirror and I do the same job. But only one of us knows Angelina Jolie.
    }
talk-age = Young enough to be curious, old enough to remember black-and-white films.
talk-can =
    • Send a photo: I tell which star you look like.
    • Type a star's name: I show who that is, and who looks like them.
    • /star and the button under it: how alike you two are.

    Everything else: /help
talk-from = From a computer that never sleeps. Famous faces come by all day long.
talk-real = I am a bot: no heart, but plenty of faces in my head.
talk-laugh = { $variant ->
        [0] 😄 I like it when people laugh.
        [1] 😂 A good laugh makes every selfie better.
       *[other] 😁 Keep that smile and send me a photo!
    }
talk-okay = { $variant ->
        [0] 👍 Whenever you like: a photo, or the name of a star.
        [1] 👌 I am here. Send a photo, or type a star's name.
       *[other] 🙂 Good. Shall we look for your star? A photo is all it takes.
    }
talk-sorry = No harm done. 💛
talk-bored = That I can help with. Shall we?
talk-honest = I only measure how near two faces are, and light and angle matter. Another photo may well tell something else.
talk-pretty = Beauty is not mine to measure, and nobody else's either. What I can tell is which star you look like.
talk-photo = Tap the paperclip 📎 beside the message field, choose a photo, or take one. A face from the front in good light works best.

## Why there is no answer
no-face = I see no face in this picture. Try one from the front, from nearby, in good light.
too-dark = It is too dark in this picture: I see no face. Try one in good light, with the lamp or window in front of you.
blurred = This picture is too blurred: I see no face. Hold the phone still, wipe the lens, and try again.
face-too-small = The face is too small for me. Come closer, or send a larger picture.
unreadable = This picture is damaged and I cannot read it. Please send it again, or another one.
too-large = This picture is too large: 20 MB and 40 megapixels are the most I can take. Send it as a photo, and Telegram makes it smaller.
not-a-picture = This file is not a picture that I can read. JPEG, PNG, HEIC, WebP, AVIF and GIF are fine.
failed = I am sorry, something went wrong here. Please try again.
waiting =
    Many people are here just now. Your photo is number { $place } in the line; that takes about { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }. I will answer, there is no need to send it again. ⏳

## Ratings: $score is 1 to 10, $stars names with "and" before the last
command-rate = rate stars, one after another
command-recommend = stars that you will like
button-rate = 💛 Rate this star
button-rated = 💛 { $score } of 10 · change
button-unrate = Take it back
button-rate-stars = 💛 Rate stars
button-skip = Skip
button-stop = Stop
button-recommend = 💛 Whom will I like?
rating-asked = 1: not for me, 10: a favourite. I keep it for a year, encrypted, to recommend stars; /delete erases it.
rating-kept = { $star }: { $score } of 10. You can change it, or take it back.
rating-gone = { $star }: your rating is erased.
rate-how = How much do you like { $star }? 1: not for me, 10: a favourite.
rate-count = Rated so far: { $count }
rate-notice = I keep your ratings for a year, encrypted, to recommend stars to you and to others. /delete erases them.
rate-done =
    { $count ->
        [one] You have rated one star.
       *[other] You have rated { $count } stars.
    }
rate-all = You have rated every star that I know. ⭐
recommend = 💛 I think you will like:
recommend-line = { $rank }. { $star }{ $why }
recommend-liked = , because you like { $stars }
recommend-face = , with a face like { $stars }
recommend-known = , one of the best known
recommend-early = Few people have rated stars so far. Until more have, I go by faces and by fame.
recommend-missing =
    I can recommend stars after five ratings of yours: { $count ->
        [one] one more, please.
       *[other] { $count } more, please.
    }
names-and = { $names } and { $name }
star-also = 💛 Who likes them also likes: { $stars }
privacy-ratings = ⭐ If you rate stars, I keep that too, encrypted, for a year. It helps me to recommend stars to you and to others; no other user learns whose rating it was.
stats-ratings = Ratings kept: { $ratings }

## Privacy
privacy =
    What happens here, in plain words:

    📷 Your photo is held in memory while I answer, a second or so, and never written anywhere. The same goes for the measurements of your face. Nobody looks at it, and no model learns from it.

    🗂 I keep your Telegram id, name, language and settings, when you first and last wrote, when you agreed, which stars you got, and Telegram's ids of your last cards, so that you can share them. That history is erased after { $days ->
        [one] one day
       *[other] { $days } days
    }; how often you found each star, a year after the last time. All of it is encrypted on my disk{ $log ->
        [readable] ; my operator keeps a copy in a database of their own, where they can read it.
        [sealed] ; my operator keeps a copy in a database of their own, encrypted too.
       *[none] .
    }

    🙋 /export sends you everything I keep about you. /delete erases all of it at once.

    ⚖️ This is a game for grown-ups, and poor on children's faces. It identifies nobody, and it is not for finding out who a person is. Send only photos of yourself, or of people who agreed.
privacy-pictures = 🎨 The card, and a morph or a drawing if you ask for one, are made of your photo. I keep none of these pictures.
privacy-more = ⚔️ A challenge keeps, for seven days at most, where Telegram has your photo, not the photo itself. Whoever is banned: the id stays, even after /delete.
privacy-operator = 🧑‍💻 This bot is run by { $operator }.
deleted = Done: everything about you is erased, your consent too. If you write again, we start anew. 👋
deleted-banned = Done: everything about you is erased, your consent too. What stays is your id in the list of those I do not answer.
banned = I do not answer you any more: whoever runs me decided so. /export and /delete still work.
deleted-nothing = Nothing about you is kept here.
private-only = Ask me that in a private chat: it is not for a group to read.
export-wait = I sent you that a moment ago. Ask me again in a minute.
export-caption = Everything that is kept about you.

## Language
language = Which language shall I speak?
language-auto = As in my Telegram
language-chosen = I will speak English.

## For those who run the bot
stats =
    People: { $people }, of them { $consented } agreed, { $blocked } blocked the bot
    Answers kept: { $answers }, of them { $matches } with a star
    Photos that wait for consent: { $held }
    Updates not answered yet: { $waiting }; given up: { $dead }
    Rows on their way to MongoDB: { $outbox }
    Stars in the gallery: { $stars }
    Face workers lost: { $deaths }
chart-people = New people
chart-answers = Answers
chart-matches = With a star
chart-refusals = Without a star
chart-languages = Languages
ban-usage = { $command } needs a Telegram id behind it, or a message of theirs: forward it to me, and reply to it with { $command }.
ban-admin = No: that would be me, or one of those who run me.
ban-done = { $user } is banned and gets no answer any more. /unban takes it back.
ban-before = { $user } is banned already.
unban-done = { $user } is answered again.
unban-nobody = { $user } was not banned.
reload-done = The index on disk is in use: { $people ->
        [one] one star
       *[other] { $people } stars
    }.
reload-refused = The index on disk is refused, the previous one stays in use: { $why }
news-on = 🔔 You get the messages that go to everybody.
news-off = 🔕 You get none of the messages that go to everybody.
news-stop = 🔕 No more of these
news-again = 🔔 Send me these again
broadcast-usage = Write what everybody is to read: /broadcast TEXT. Or reply to a message with /broadcast, and everybody gets a copy, with its pictures and formatting.
broadcast-cannot = That message cannot be copied. Try another one.
broadcast-draft = This is what { $people ->
        [one] one person
       *[other] { $people } people
    } will get. Send it?
broadcast-running = On its way: { $sent } of { $all } sent. Blocked me: { $blocked }, failed: { $failed }.
broadcast-paused = Paused: { $sent } of { $all } sent. Blocked me: { $blocked }, failed: { $failed }.
broadcast-done = Done: { $sent } of { $all } sent. Blocked me: { $blocked }, failed: { $failed }.
broadcast-cancelled = Cancelled: { $sent } of { $all } sent. Blocked me: { $blocked }, failed: { $failed }.
broadcast-declined = Did not want it: { $count }.
broadcast-button-send = Send
broadcast-button-pause = Pause
broadcast-button-resume = Go on
broadcast-button-cancel = Cancel

## Reports
button-report = This is not right
report-ask = What is not right about { $star }?
report-unkind = It is unkind
report-photo = That photo shows somebody else
report-unlike = There is no likeness
report-none = Nothing, all is well
report-thanks = Thank you. I have passed it on.
report-closed = All right, nothing was reported.
report =
    { $star } ({ $item }): { $reason }
    Photo: { $photo }
    Reported { $count ->
        [one] once
       *[other] { $count } times
    }, last on { $day }
reports-none = There are no reports.
hide-star = Hide this star
hide-photo = Hide this photo
hide-none = Leave it
hide-undo = Show again
hide-undo-of = Show { $star } again
hide-done-star = { $star } is hidden, everywhere and from now on.
hide-done-photo = That photo of { $star } is hidden, everywhere and from now on.
hide-undone = Shown again.
hide-left = { $star } stays as it is.
hide-gone = That star is hidden already, or no longer in the gallery.
hide-who = Who shall be hidden?
hide-nobody = I know nobody of that name.
hide-usage = /hide NAME hides a star. Hidden now: { $count }.

## The web page. $percent "87%"; of a problem the first sentence is its title
page-headline = Who do you look like?
page-lead = One photo, and you see the stars your face is most like.
page-language = Language
page-no-script = This page needs JavaScript.
page-choose = Choose a photo
page-choose-other = Choose another photo
page-selfie = Take a selfie
page-retry = Try again
page-cancel = Cancel
page-hint = or drop it here, or paste it
page-privacy = Your photo is compared on this server, made into a picture if you ask for one, and thrown away at once; nothing is kept. Send only photos of yourself, or of people who agreed.
page-foot = A game for fun: a likeness says nothing about who somebody is.
page-comparing = Comparing… This takes a second or two.
page-most-like = You look most like
page-face = Face { $face } of { $faces }
page-face-like = Face { $face } of { $faces } looks most like
page-meaning = More alike than { $percent } of people are to their nearest star.
page-others = And also a little like
page-your-face = Your face
page-faces = Faces in this photo
page-photo-by = Photo:
page-again = Try another photo
page-save = Save
page-saved = The picture is in your downloads.
page-pictures = Pictures to send on
page-card = Card
page-morph = Morph
page-drawing = Drawing
page-making = Making it… This takes a few seconds.
page-share = Share
page-video = Video
page-strip = Five pictures
page-chat = Chat
page-story = Story
page-square = Square
page-filters = Among whom to look
page-more = More
page-region = From
page-born = Born
page-looking = Looking again…
page-compare-two = Compare two people
page-compare-with = Compare with somebody
page-pair-title = How alike are two people?
page-first = First person
page-second = Second person
page-pair-hint = Choose a photo of each person.
page-pair-meaning = More alike than { $percent } of pairs of strangers.
page-pair-truth = Two photos of one person mostly get 99%. A game for fun: it proves neither that two photos show one person nor that two people are related.
page-in-first = First photo: { $reason }
page-in-second = Second photo: { $reason }
page-back = Back
page-find = Find a star by name
page-find-nobody = No star here is called that.
page-kin = Similar faces
page-liked = The same people also like
page-too-large = This photo is too large. It may have up to 20 MB and 40 megapixels.
page-nobody = Nobody like that is in the gallery. Choose something else.
page-busy = Many people are here right now. Your photo was not kept. Try again in a few seconds.
page-often = Those were many photos in a short time. Wait a minute, then try again.
page-often-pictures = Those were many pictures in a short time. Wait a minute, then try again.
page-card-none = That card could not be made. Try again, or take another photo.
page-offline = The server cannot be reached. Check your connection, then try again.
page-slow = This took too long. Your connection may be slow. Try again, or send a smaller photo.
page-broken = Something went wrong on the server. It is not your photo. Try again in a moment.
