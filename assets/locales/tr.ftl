# Türkçe. Değişkenler: $name kişinin adı, $star ünlünün adı, $note kim olduğu, $percent “87%”.

## Telegram menüsünde göründükleri gibi komutlar
command-start = bu bot ne yapar
command-help = iyi bir sonuç için ipuçları
command-privacy = fotoğrafına ne oluyor
command-delete = hakkımdaki her şeyi sil
command-export = hakkımda saklanan her şeyi gönder
command-mine = bana çıkan yıldızlar
command-top = bu hafta en çok çıkan yıldızlar
command-settings = yıldızını kimler arasında arayayım
command-language = dil seç

## Yazmadan önce botta görünenler: ad (64 harf), açıklama (512), kısa açıklama (120)
profile-name = Hangi ünlüye benziyorum?
profile-description =
    Bana bir selfie gönder; hangi ünlüye ne kadar benzediğini söyleyeyim. Üstelik paylaşmalık bir resimle. ✨

    🙋 Tek yüz, koca bir grup, sen ve bir arkadaşın.
    🔒 Fotoğrafına bir kez bakar, hemen silerim. Yüzüne dair hiçbir şey asla saklanmaz.
    🎭 Yetişkinler için bir oyundur, kimsenin kimliğini belirlemez.
profile-short-description = Selfie gönder, hangi ünlüye benzediğini öğren. Sırf eğlence için, hiçbir fotoğraf saklanmaz. 📸

## Selamlaşma ve yardım
start =
    Merhaba { $name }! Bana bir selfie gönder; hangi ünlüye ne kadar benzediğini söyleyeyim.

    { $people } yıldız seninle tanışmayı bekliyor. 📸
friend = arkadaş
hello = Merhaba { $name }! Yüzünün göründüğü bir fotoğraf gönder, yıldızını bulayım. 📸
help =
    Bir fotoğraf gönder, ben de yıldızını ve bir yüzde söyleyeyim.

    • En iyisi: tek yüz, önden ve iyi ışıkta.
    • Karede birkaç kişi mi var? Herkese bir yıldız çıkar.
    • Albümler de olur, dosya olarak gönderilen resimler de (JPEG, PNG, HEIC, WebP, AVIF, GIF). Video, GIF ve çıkartmaların tek karesine bakarım.

    Yüzde ne demek: 87% çıktıysa, yıldızına insanların 87% kadarından daha çok benziyorsun.

    Yetişkinler için bir oyundur: çocuk yüzlerinde sık sık yanılır. Kimsenin kimliğini belirlemez.

    { $commands }
send-photo = İçinde yüz olan bir fotoğraf gönder, yıldızını bulayım. Daha fazlası: /help
only-pictures = Ben yalnızca resimlere bakabiliyorum. Fotoğraf olarak ya da JPEG, PNG, HEIC, WebP, AVIF veya GIF dosyası olarak gönder.
old-button = Bu düğme eski günlerden kalma, artık ne işe yaradığını bilmiyorum. Bana bir fotoğraf gönder. 📸
unknown-command = Bu komutu bilmiyorum. Fotoğraf gönder ya da /help yaz.

## Onay
consent =
    Fotoğrafına bakmadan önce, { $name }:

    • Yüzün ölçülür ve yıldızların yüzleriyle karşılaştırılır, aldığın resimlere de çizilir. Sonra fotoğraf da ölçümler de silinir; ikisi de asla saklanmaz.
    • Şifreli olarak saklananlar: sana hangi yıldızların çıktığı ve paylaşabilmen için son kartlarının Telegram kimlikleri, { $days } gün boyunca; her yıldızın sana kaç kez çıktığı, bir yıl boyunca; Telegram kimliğin, adın, dilin ve ayarların. /delete hepsini bir anda siler.
    • Yetişkinler için bir oyundur ve çocuk yüzlerinde sık sık yanılır. Kimsenin kimliğini belirlemez.
    • Yalnızca kendi fotoğraflarını ya da izin veren kişilerin fotoğraflarını gönder.

    Senin için uygun mu?
consent-changed = Daha önce onay vermiştin. O günden beri biraz daha fazla şey saklıyorum, o yüzden bir kez daha soruyorum.
consent-again = Yukarıdaki soruyu yanıtlayana kadar bu da bekliyor. Bakayım mı?
consent-question =
    Kısacası: fotoğrafa bir saniye kadar bakar, yüzü yıldızlarla karşılaştırır, sonra ikisini de silerim. Kimse görmez, hiçbir yerde saklanmaz. Sana hangi yıldızların çıktığını { $days } gün saklarım; /delete her şeyi siler. Ayrıntılar: /privacy

    Bakayım mı?
not-yours = Bu düğme başkasının. Kendi fotoğrafını gönder, seninki de olsun.
consent-yes = Evet, yıldızımı bul
consent-no = Yok, sağ ol
consent-thanks = Teşekkürler! Yıldızını arıyorum… ✨
consent-refused = Tamam: fotoğrafına bakmadım, unuttum bile. Fikrini değiştirirsen yeniden gönder.
consent-withdrawn = Tamam: artık hiçbir fotoğrafına bakmayacağım. Saklananları /delete siler.
consent-given = Teşekkürler! Şimdi bir fotoğraf gönder. 📸
consent-stale = Zaten onay vermiştin. Bir fotoğraf gönder. 📸

## Yanıtlar
tier-twin = { $variant ->
    [0] Dönüp bir daha baktıran bir benzerlik.
    [1] İki yabancı nadiren bu kadar benzer.
    [2] Hık demiş, burnundan düşmüş!
    [3] Karşı kaldırımdan bakan karıştırır.
    [4] Ender rastlanan bir benzerlik.
    [5] Arkadaşların seni bu adla çağırmaya başlayabilir.
    [6] Günün birinde dublör gerekirse adres belli.
    [7] İşte benzerlik diye buna derim!
    [8] Yıldızına bu kadar yaklaşan az çıkar.
   *[other] Bu iki yüzün ortak yanı pek çok.
    }
tier-strong = { $variant ->
    [0] Çarpıcı bir benzerlik!
    [1] İlk bakışta belli oluyor.
    [2] Andırmaktan öte: bayağı benziyorsunuz.
    [3] Bir gün biri bunu sana sokakta söyler.
    [4] Güzel bir eşleşme, ortalamanın çok üstünde.
    [5] Akraba desen inanırlar.
    [6] Senin yüzünde ondan epey iz var.
    [7] Güneş gözlüğü tak, insanlar bir duraksar.
    [8] Anlatmaya değer bir benzerlik.
   *[other] Yan yana çok yakışırdınız.
    }
tier-some = { $variant ->
    [0] Bir şeyler var, inkâr edilmez.
    [1] Hafiften andırıyor, hem de güzel andırıyor.
    [2] Doğru ışıkta, evet.
    [3] Bazı hatlar kafiyeli.
    [4] İyi bir günde, aileden bir hava.
    [5] İkizin değil ama bir şey var.
    [6] Benzerlik saklanıyor ama orada.
    [7] Benzerlik yarım, yüz tamamen senin.
    [8] Bir tutam yıldız tozu.
   *[other] Bir daha bak, göreceksin.
    }
tier-faint = { $variant ->
    [0] Hafif bir benzerlik, ama daha yakını da yok.
    [1] Sen en çok kendine benziyorsun.
    [2] Nadir bir yüz: en yakın yıldız bile uzakta.
    [3] Yıldızların tek eksiği sensin.
    [4] Sana benzeyen neredeyse yok, bu da bir iltifat.
    [5] Bambaşka bir yüz! Bu yıldız yalnızca en yakına gelen.
    [6] İkizin çıkmadı; gökyüzündeki en yakın komşun bu.
    [7] Kendine has bir yüz. İlla bir yıldız olacaksa, bu olsun.
    [8] Birazcık benziyorsunuz: galeride seninki gibi yüz az.
   *[other] Eşi benzeri yok, bu yıldıza da küçük bir göz kırpıyor.
    }
answer =
    { $percent } { $star }{ $note }
    { $tier }
    { $meaning }
answer-meaning = Yıldızına, insanların { $percent } kadarının kendi yıldızına benzediğinden daha çok benziyorsun.
answer-place = Sana en çok benzeyen { $count } yıldız arasında { $place }. sırada.
among = { $who } arasında:
among-born = { $who } arasında, doğum yılı { $years }:
among-any = Yıldızlar
among-male = Erkekler
among-female = Kadınlar
from-africa = (Afrika)
from-asia = (Asya)
from-east-asia = (Doğu Asya)
from-south-asia = (Güney Asya)
from-middle-east = (Orta Doğu)
from-europe = (Avrupa)
from-north-america = (Kuzey Amerika)
from-latin-america = (Latin Amerika)
from-oceania = (Okyanusya)
answer-group = 👥 Karede, soldan sağa:
answer-other = { $star } – { $percent }
answer-more-people = …ve { $count } kişi daha
note = , { $note }
doubt-dark = 🌙 Fotoğraf karanlık, o yüzden pek emin değilim. İyi ışıkta başka bir yıldız çıkabilir.
doubt-blurred = 🌫 Yüz bulanık, o yüzden pek emin değilim. Daha net bir fotoğrafta başka bir yıldız çıkabilir.
doubt-covered = 😷 Yüzün bir kısmı kapalı, o yüzden pek emin değilim. Tamamı görününce başka bir yıldız çıkabilir.
doubt-turned = ↪️ Yüz yana dönük, o yüzden pek emin değilim. Önden çekilende başka bir yıldız çıkabilir.
card-you = Sen
card-question = Ya sen? Kime benziyorsun?
card-from-photos = { $photos } fotoğraftan
card-credit = Fotoğraf: { $author }{ $license }
card-credit-license = , { $license }
card-credit-cropped = { $credit }, kırpılmış
card-license = { $credit } · kart: { $license }
credit-source = kaynak
credit = 📷 { $author }{ $license }
button-next = Başka yıldız ▶
button-previous = ◀ Geri
button-filters = Bölge ve dönem
button-back = ◀ Yıldızıma dön
chosen = ✓ { $what }
where-male = Erkekler
where-female = Kadınlar
where-any = Herkes
where-nobody = Orada seni karşılaştıracak kimse kalmadı. Daha geniş bir seçim dene.
region-any = Bütün dünya
region-africa = Afrika
region-asia = Asya
region-east-asia = Doğu Asya
region-south-asia = Güney Asya
region-middle-east = Orta Doğu
region-europe = Avrupa
region-north-america = Kuzey Amerika
region-latin-america = Latin Amerika
region-oceania = Okyanusya
era-any = Tüm yıllar
era-until = { $last } ve öncesi
era-from = { $first } ve sonrası
settings = Yıldızını şöyle arıyorum: { $among }. Değiştirelim mi?
settings-anybody = tüm yıldızlar arasında
photo-gone = O fotoğrafı artık göremiyorum; belki silinmiştir. Yeniden gönder, devam edelim. 📸
button-about = { $star } kimdir?
button-share = Arkadaşına anlat
share-text = Benim yıldızım { $star }: { $percent } benzerlik! Ya seninki?
more = { $star } ({ $percent }) dışında en çok benzediklerin:
more-line = { $rank }. { $star } – { $percent }
more-none = Bu fotoğraf için gösterecek başka bir şey yok. Yenisini gönder. 📸

## Koleksiyon
mine = ⭐ Yıldızların: { $people } yıldızdan { $count } tanesi.
mine-rarest =
    💎 En nadiri: { $star }, { $people ->
        [one] senden başka kimsede yok
       *[other] { $people } kişide var
    }.
mine-line = • { $star } – { $when }{ $times }
mine-times = , { $count } kez
mine-unmet = 🔭 { $count } yıldız henüz kimseye çıkmadı. Acaba kimler? /top
mine-none = Henüz yıldızın yok. Yüzünün göründüğü bir fotoğraf gönder, { $people } yıldızdan ilkini kap. 📸
ago =
    { $days ->
        [0] bugün
        [one] dün
       *[other] { $days } gün önce
    }
top = 🔥 Bu hafta en çok çıkan yıldızlar:
top-line = { $rank }. { $star } – { $people } kişi
top-none = Bu hafta henüz kimseye yıldız çıkmadı. Yüzünün göründüğü bir fotoğraf gönder, ilk sen ol. 📸
top-unmet = 🔭 { $count } yıldız henüz kimseye çıkmadı. Bazıları:
inline-mine-too = Peki ben kime benziyorum? 📸
inline-how-alike = Ne kadar benziyoruz? 📸
inline-find-mine = 📸 Yıldızımı bul
inline-star = { $star }{ $note }
friend-star =
    👋 Merhaba { $name }! { $friend } fotoğraf gönderdi, çıkan yıldız: { $star }, { $percent }.
    Peki sen kime benziyorsun? Yüzünün göründüğü bir fotoğraf gönder. 📸
friend-link-over = Merhaba { $name }! Bu bağlantının anlattığı artık anlatılmıyor. Ama senin kime benzediğini söyleyebilirim: yüzünün göründüğü bir fotoğraf gönder. 📸
friend-link-own = Bu senin kendi bağlantın. Bir arkadaşına gönder: sana hangi yıldızın çıktığını ona söyler.
button-morph = 🎬 Yıldıza dönüş
button-strip = 🖼 Beş resim olarak
morph = { $star } oluyorsun: { $percent } 🎬
morph-license = Bu resim de { $license } ile paylaşılabilir.
morph-none = Bu fotoğrafla olmuyor: önden bir yüz ve yıldızın değiştirilebilen bir fotoğrafı gerek.
button-story = 📱 Hikâye için
button-square = ◻️ Kare
button-avatar = 🎨 Çizim portrem
avatar = Çizim portren 🎨
avatar-none = Bu fotoğrafı çizemiyorum: daha büyük ve iyi görünen bir yüz gerek.
avatar-comic = 💥 Çizgi roman
avatar-ink = 🖋 Mürekkep
avatar-poster = 🌆 Poster
avatar-sticker = Çıkartma yap
avatar-round = ⭕ Yuvarlak
avatar-ask = 🎨 Yüzünün büyük ve net göründüğü bir fotoğraf gönder, seni çizeyim: çizgi roman, mürekkep ya da poster.
avatar-own = Yalnızca fotoğrafı gönderen kişiyi çizerim. Kendi fotoğrafına /avatar ile yanıt ver ya da bana özelden bir tane gönder. 🎨
button-challenge = ⚔️ Arkadaşına meydan oku
challenge-made =
    ⚔️ Bu bağlantıyı bir arkadaşına gönder:
    { $link }
    Arkadaşın yüzünün göründüğü bir fotoğraf gönderince ikinize de bir kart gelir: iki yüz ve ne kadar benzediğiniz. Bağlantı yedi gün geçerli. Fotoğrafın Telegram’da kalır; ben yalnızca yerini not ederim.
challenge-send = Arkadaş seç
challenge-share = İkimiz ne kadar benziyoruz? ⚔️
challenge-take-back = Geri al
challenge-asked =
    ⚔️ { $friend } ne kadar benzediğinizi merak ediyor!
    Yüzünün göründüğü bir fotoğraf gönder; ikinize de iki yüzlü, yüzdeli bir kart gelsin. İkiniz de istediğiniz an geri alabilirsiniz.
challenge-no = Yok, sağ ol
challenge-again = { $reason }
    Başka bir tane gönder, sizi karşılaştırayım. ⚔️
challenge-own = Bu senin kendi meydan okuman. Bağlantıyı bir arkadaşına gönder. ⚔️
challenge-over = Bu meydan okuma bitti ya da geri alındı.
duel-please-delete = Arkadaşın ikinizin kartını geri aldı. Ben onu buradan artık silemiyorum: lütfen sen sil. Teşekkürler!
challenge-declined = Tamam, karşılaştırma yok. Fikrini değiştirirsen bağlantıyı yeniden aç.
challenge-taken-back = Geri alındı: bağlantı artık çalışmıyor.
duel-result =
    ⚔️ İkiniz, { $one } ve { $other }: { $percent }
    { $tier }
    Birbirini tanımayan çiftlerin { $percent } kadarından daha çok benziyorsunuz. Bu bir oyun: akrabalık hakkında bir şey söylemez.
duel-taken-back = Geri alındı: kart iki sohbetten de silindi.
tell-friends = 🔗 Bağlantım yıldızımı söylesin
tell-friends-stop = 🔗 Bağlantım yıldızımı söylüyor ✓

## Albümler
album-pooled = 🖼 { $photos } fotoğrafa birlikte baktım.
album-one = 🖼 Albümdeki yalnızca bu fotoğrafa göre.
album-left-out = { $photos } fotoğrafta daha işe yarar bir yüz bulamadım.
album-each = Bu fotoğrafların her birine baktım:
album-line = { $number }. { $answer }

## Bir yıldız
command-star = adıyla bir yıldızın sayfası
star-ask = Kimin sayfasını istersin? Bir yıldızın adını yaz.
star-which = Kimi kastediyorsun?
star-unknown = Bu adda kimseyi tanımıyorum. Başka türlü yazmayı ya da başka bir yıldızı dene.
star-gone = O yıldız artık galerimde yok. Başkasını dene: /star
star-kin = En çok benzeyen yıldızlar (uzaklık, kosinüs):
star-kin-line = • { $star } – { $distance }, { $cosine }
star-found = Bu yıldız burada { $count } kişiye çıktı.
button-duel = Ne kadar benziyoruz?
duel-ask = { $star } ve sen: ne kadar benziyorsunuz? Yüzünün göründüğü bir fotoğraf gönder, söyleyeyim. 📸
duel =
    { $percent } { $star }
    { $tier }
    { $star } ile benzerliğin, insanların { $percent } kadarından daha fazla.
duel-twin = Biri senden imza isterse gülümse ve imzala.
duel-strong = Evet, ben görüyorum. Başkaları da görür.
duel-some = Ufak bir şeyler var.
duel-faint = Pek benzemiyorsunuz: senden bir tane daha yok.
duel-doubt = Fotoğraf çok net değil, o yüzden pek emin değilim. Başka bir fotoğrafta yüzde değişebilir.
duel-share-text = { $star } ve ben: { $percent } benzerlik! Ya sen?
role-actor = sinema
role-athlete = spor
role-singer = müzik
role-footballer = futbol
role-rapper = rap
role-coach = antrenörlük
role-tennis-player = tenis
role-model = moda
role-presenter = televizyon
role-director = yönetmenlik
role-dancer = dans
role-basketball-player = basketbol
role-comedian = komedi
role-racing-driver = motor sporları
role-politician = siyaset
role-royalty = kraliyet
role-writer = edebiyat
role-musician = müzik
role-businessperson = iş dünyası
role-youtuber = YouTube

## Gruplar
group-welcome = Herkese merhaba! 👋 Kendi fotoğrafına /lookalike diye yanıt ver ya da açıklamasında { $bot } geçen bir fotoğraf gönder, kime benzediğini söyleyeyim. Fotoğraf başkasınınsa önce ona sorarım. Onun dışında sesim çıkmaz.
group-no-pictures = Burada resim göndermeme izin yok, o yüzden yalnızca yazıyla yanıtlıyorum. Bir yönetici bunu değiştirebilir.
group-next-photo = Bu mesaja yanıt olarak yüzünün göründüğü bir fotoğraf gönder, kime benzediğini söyleyeyim. 📸
command-lookalike = kime benziyorum? (gruplarda)
permission-star = { $name } soruyor: sen kime benziyorsun? Bu fotoğrafa bakabilir miyim? Bir kez; ondan hiçbir şey saklanmaz.
permission-pair = { $name } soruyor: ikiniz ne kadar benziyorsunuz? Bu fotoğrafa bakabilir miyim? Bir kez; ondan hiçbir şey saklanmaz.
permission-yes = Evet, bak
permission-no = Yok, sağ ol
permission-thanks = Teşekkürler! Bakıyorum… ✨
permission-refused = Tamam: bu fotoğrafa bakmadım.
permission-old = O soru çok eskidi. Lütfen bir daha sor.
elsewhere-photo = Kendi fotoğrafına { $bot } diye yanıt ver ya da açıklamasına { $bot } yaz, kime benzediğini söyleyeyim. 📸
elsewhere-consent = Bir fotoğrafa bakmadan önce onayın gerek, bir kez ve kendi sohbetimizde: { $bot } botunu aç, bana orada bir fotoğraf gönder. Sonra burada da olur.

## İki kişiyi karşılaştırma
command-compare = iki kişi ne kadar benziyor?
command-avatar = fotoğrafın çizim olarak
compare-ask = 👥 Art arda ya da birlikte iki fotoğraf gönder, iki kişinin ne kadar benzediğini söyleyeyim. Lütfen yalnızca fotoğraftakilerin izniyle.
compare-second = Aldım. Şimdi ikinci kişinin fotoğrafı. 👥
compared =
    👥 { $percent }
    { $tier }
    Birbirini tanımayan çiftlerin { $percent } kadarından daha çok benziyorlar. Bu bir oyun: akrabalık hakkında bir şey söylemez.
pair-twin = İkiz olabilirler, hatta aynı kişi!
pair-strong = Çarpıcı bir benzerlik: gören aileden sanır.
pair-some = Ortak bir şeyleri var.
pair-faint = Bambaşka iki yüz, ikisi de eşsiz.
compare-refused-first = İlk fotoğraf: { $reason }
    İkincisiyle karşılaştırmam için başka bir tane gönder.
compare-refused-second = İkinci fotoğraf: { $reason }
compare-gone = O fotoğraf artık yok. Yeniden gönder. 📸
compare-first-name = İlk fotoğraf
compare-second-name = İkinci fotoğraf
compare-left-name = Soldaki
compare-right-name = Sağdaki
button-compare = 👥 Bu ikisi ne kadar benziyor?
button-cards = 🖼 Herkese bir kart

## Menü ve sohbet
command-random = rastgele bir yıldız
menu-find = 📸 Yıldızımı bul
menu-random = 🎲 Rastgele yıldız
menu-mine = ⭐ Yıldızlarım
menu-how = 💬 Nasılsın?
menu-great = 😊 Harika!
menu-soso = 😐 Eh işte
menu-number = 🎲 Bir tane daha
menu-find-answer = Seve seve! Yüzünün göründüğü bir fotoğraf gönder, yıldızını bulayım. 📸
star-near = Kimi kastettiğinden emin değilim. Bunlardan biri mi?
lost-menu = Bunu anlayamadım, kusura bakma. Ama şunları iyi yaparım:
lost-stars = Yüzlerle aram sözlerden daha iyi. Birine bakalım mı?
talk-thanks = Rica ederim! 💛
talk-who = Pek çok ünlü yüzü tanıyan bir botum. Seninkini gönder, hangi yıldıza benzediğini söyleyeyim.
talk-how = Harikayım, sağ ol: bütün gün yıldızların arasındayım. Sen nasılsın?
talk-great = Sevindim! Selfie için en güzel an. 📸
talk-soso = O zaman moralini düzeltelim: bir yıldıza ne dersin?
talk-number = Sayın: { $number }
talk-bye = Görüşürüz! Yıldızlar ve ben buradayız. 👋
talk-compliment = Teşekkürler, yüzüm kızardı. 😊 Sen de hiç fena değilsin.
talk-insult = Daha öğrenecek çok şeyim var. Bir fotoğrafla deneyelim: en iyi bildiğim iş o.
talk-love = Çok tatlısın. ❤️ Ben sadece bir botum ama günümü güzelleştirdin.
talk-joke = { $variant ->
        [0] Yıldızlar neden hiç yalnız kalmaz? Çünkü hep takımyıldızıyla gezerler.
        [1] Bana neden kimse kızamıyor? Hep yüz buluyorum da ondan.
       *[other] Ayna da ben de aynı işi yapıyoruz. Ama yalnızca birimiz Angelina Jolie’yi tanıyor.
    }
talk-age = Merak edecek kadar genç, siyah beyaz filmleri hatırlayacak kadar yaşlıyım.
talk-can =
    • Fotoğraf gönder: hangi yıldıza benzediğini söyleyeyim.
    • Bir yıldızın adını yaz: kim olduğunu ve ona benzeyenleri göstereyim.
    • /star ve altındaki düğme: ikiniz ne kadar benziyorsunuz.

    Geri kalan her şey: /help
talk-from = Hiç uyumayan bir bilgisayardan. Bütün gün ünlü yüzler uğrar.
talk-real = Ben bir botum: kalbim yok ama aklım yüzlerle dolu.
talk-laugh = { $variant ->
        [0] 😄 Gülenleri severim.
        [1] 😂 Güzel bir kahkaha her selfie’ye yakışır.
       *[other] 😁 O gülümsemeyi bozma, bana bir fotoğraf gönder!
    }
talk-okay = { $variant ->
        [0] 👍 Ne zaman istersen: bir fotoğraf ya da bir yıldızın adı.
        [1] 👌 Buradayım. Fotoğraf gönder ya da bir yıldızın adını yaz.
       *[other] 🙂 Güzel. Yıldızını arayalım mı? Bir fotoğraf yeter.
    }
talk-sorry = Hiç sorun değil. 💛
talk-bored = Ona bir çarem var. Başlayalım mı?
talk-honest = Ben yalnızca iki yüzün ne kadar yakın olduğunu ölçerim; ışık ve açı da önemli. Başka bir fotoğraf başka bir şey söyleyebilir.
talk-pretty = Güzelliği ne ben ölçebilirim ne de başkası. Ama hangi yıldıza benzediğini söyleyebilirim.
talk-photo = Mesaj alanının yanındaki ataca 📎 dokun, bir fotoğraf seç ya da çek. En iyisi: önden, iyi ışıkta bir yüz.

## Yanıt neden yok
no-face = Bu resimde yüz göremiyorum. Önden, yakından ve iyi ışıkta bir tane dene.
too-dark = Bu resim çok karanlık: yüz göremiyorum. Lamba ya da pencere karşında olsun, iyi ışıkta dene.
blurred = Bu resim çok bulanık: yüz göremiyorum. Telefonu sabit tut, merceği sil ve yeniden dene.
face-too-small = Yüz benim için çok küçük. Biraz yaklaş ya da daha büyük bir resim gönder.
unreadable = Bu resim bozuk, okuyamıyorum. Yeniden gönder ya da başkasını dene.
too-large = Bu resim çok büyük: en fazla 20 MB ve 40 megapiksel alabiliyorum. Fotoğraf olarak gönder, Telegram küçültür.
not-a-picture = Bu dosya okuyabildiğim bir resim değil. JPEG, PNG, HEIC, WebP, AVIF ve GIF olur.
failed = Üzgünüm, bir şeyler ters gitti. Lütfen yeniden dene.
waiting = Şu an burası kalabalık. Fotoğrafın { $place }. sırada; yaklaşık { $seconds } saniye sürer. Yanıtlayacağım, yeniden göndermene gerek yok. ⏳

## Puanlar: $score 1 ile 10 arası, $stars sonuncusundan önce “ve” olan adlar
command-rate = yıldızlara sırayla puan ver
command-recommend = seveceğin yıldızlar
button-rate = 💛 Puan ver
button-rated = 💛 Puanın: { $score } · değiştir
button-unrate = Puanı geri al
button-rate-stars = 💛 Yıldızlara puan ver
button-skip = Geç
button-stop = Yeter
button-recommend = 💛 Kimi severim?
rating-asked = 1: bana göre değil, 10: bayılırım. Puanını yıldız önermek için bir yıl şifreli saklarım; /delete siler.
rating-kept = { $star }: 10 üzerinden { $score }. Puanını değiştirebilir ya da geri alabilirsin.
rating-gone = { $star }: puanın silindi.
rate-how = { $star } sence nasıl? 1: bana göre değil, 10: bayılırım.
rate-count = Şimdiye kadar: { $count } puan
rate-notice = Puanlarını, sana ve başkalarına yıldız önermek için bir yıl şifreli saklarım. /delete siler.
rate-done = { $count } yıldıza puan verdin.
rate-all = Tanıdığım bütün yıldızlara puan verdin. ⭐
recommend = 💛 Bence bunları seveceksin:
recommend-line = { $rank }. { $star }{ $why }
recommend-liked = , sevdiklerine yakın: { $stars }
recommend-face = , yüzü benzeyen: { $stars }
recommend-known = , en tanınmışlardan
recommend-early = Henüz az puan var. Çoğalana kadar yüzlere ve üne bakıyorum.
recommend-missing = Yıldız önerebilmem için senden beş puan gerek: { $count } tane kaldı.
names-and = { $names } ve { $name }
star-also = 💛 Onu sevenler bunları da seviyor: { $stars }
privacy-ratings = ⭐ Yıldızlara puan verirsen bunu da bir yıl şifreli saklarım. Sana ve başkalarına yıldız önermeme yarar; puanın kimin olduğunu başka kimse öğrenmez.
stats-ratings = Saklanan puanlar: { $ratings }

## Gizlilik
privacy =
    Burada olanlar, sade sözlerle:

    📷 Ben yanıtlarken fotoğrafın bir saniye kadar bellekte durur, hiçbir yere yazılmaz. Yüzünün ölçümleri de öyle. Kimse ona bakmaz, hiçbir model ondan öğrenmez.

    🗂 Telegram kimliğini, adını, dilini ve ayarlarını, ilk ve son ne zaman yazdığını, ne zaman onay verdiğini, sana hangi yıldızların çıktığını ve paylaşabilmen için son kartlarının Telegram kimliklerini saklarım. Bu geçmiş { $days } gün sonra silinir; her yıldızın sana kaç kez çıktığı ise son seferden bir yıl sonra. Hepsi diskimde şifrelidir{ $log ->
        [readable] ; beni işleten kişi kendi veritabanında bir kopya tutar ve onu orada okuyabilir.
        [sealed] ; beni işleten kişi kendi veritabanında bir kopya tutar, o da şifrelidir.
       *[none] .
    }

    🙋 /export hakkında sakladığım her şeyi gönderir. /delete hepsini bir anda siler.

    ⚖️ Yetişkinler için bir oyundur ve çocuk yüzlerinde sık sık yanılır. Kimsenin kimliğini belirlemez, birinin kim olduğunu bulmaya yaramaz. Yalnızca kendi fotoğraflarını ya da izin veren kişilerin fotoğraflarını gönder.
privacy-pictures = 🎨 Kart ile, istersen, dönüşüm ya da çizim senin fotoğrafından yapılır. Bu resimlerin hiçbirini saklamam.
privacy-more = ⚔️ Bir meydan okuma, fotoğrafının kendisini değil, Telegram’da nerede durduğunu en çok yedi gün saklar. Engellenenlerin kimliği /delete sonrasında da kalır.
privacy-operator = 🧑‍💻 Bu botu işleten: { $operator }.
deleted = Tamamdır: hakkındaki her şey silindi, onayın da. Yeniden yazarsan sıfırdan başlarız. 👋
deleted-banned = Tamamdır: hakkındaki her şey silindi, onayın da. Geriye yalnızca yanıt vermediklerimin listesindeki kimliğin kaldı.
banned = Artık sana yanıt vermiyorum: beni işleten böyle karar verdi. /export ve /delete hâlâ çalışıyor.
deleted-nothing = Burada hakkında saklanan bir şey yok.
private-only = Bunu bana özel sohbette sor: grubun okuyacağı bir şey değil.
export-wait = Onu az önce gönderdim. Bir dakika sonra yeniden iste.
export-caption = Hakkında saklanan her şey.

## Dil
language = Hangi dilde konuşayım?
language-auto = Telegram’ımdaki gibi
language-chosen = Artık Türkçe konuşacağım.

## Botu işletenler için
stats =
    Kişiler: { $people }; onay veren: { $consented }; botu engelleyen: { $blocked }
    Saklanan yanıtlar: { $answers }; yıldızlı: { $matches }
    Onay bekleyen fotoğraflar: { $held }
    Henüz yanıtlanmayan güncellemeler: { $waiting }; vazgeçilen: { $dead }
    MongoDB yolundaki satırlar: { $outbox }
    Galerideki yıldızlar: { $stars }
    Kaybedilen yüz süreçleri: { $deaths }
chart-people = Yeni kişiler
chart-answers = Yanıtlar
chart-matches = Yıldızlı
chart-refusals = Yıldızsız
chart-languages = Diller
ban-usage = { $command } komutundan sonra bir Telegram kimliği ya da kişinin bir mesajı gerekir: mesajı bana ilet ve ona { $command } ile yanıt ver.
ban-admin = Olmaz: o ya benim ya da beni işletenlerden biri.
ban-done = { $user } engellendi, artık yanıt almıyor. /unban geri alır.
ban-before = { $user } zaten engelli.
unban-done = { $user } yeniden yanıt alıyor.
unban-nobody = { $user } engelli değildi.
reload-done = Diskteki dizin kullanımda: { $people } yıldız.
reload-refused = Diskteki dizin reddedildi, önceki kullanımda kalıyor: { $why }
news-on = 🔔 Herkese giden mesajlar sana da geliyor.
news-off = 🔕 Herkese giden mesajlar sana gelmiyor.
news-stop = 🔕 Bunlar artık gelmesin
news-again = 🔔 Yeniden gelsin
broadcast-usage = Herkesin okumasını istediğini yaz: /broadcast METİN. Ya da bir mesaja /broadcast diye yanıt ver; herkes resimleri ve biçimiyle birlikte bir kopyasını alır.
broadcast-cannot = Bu mesaj kopyalanamıyor. Başka birini dene.
broadcast-draft = { $people } kişiye gidecek olan bu. Göndereyim mi?
broadcast-running = Yolda: { $sent } / { $all } gönderildi. Beni engelleyen: { $blocked }, başarısız: { $failed }.
broadcast-paused = Duraklatıldı: { $sent } / { $all } gönderildi. Beni engelleyen: { $blocked }, başarısız: { $failed }.
broadcast-done = Bitti: { $sent } / { $all } gönderildi. Beni engelleyen: { $blocked }, başarısız: { $failed }.
broadcast-cancelled = İptal edildi: { $sent } / { $all } gönderildi. Beni engelleyen: { $blocked }, başarısız: { $failed }.
broadcast-declined = İstemeyenler: { $count }.
broadcast-button-send = Gönder
broadcast-button-pause = Duraklat
broadcast-button-resume = Devam et
broadcast-button-cancel = İptal

## Bildirimler
button-report = Burada bir yanlışlık var
report-ask = Yanlış olan ne? { $star }
report-unkind = Kırıcı
report-photo = Fotoğraftaki başka biri
report-unlike = Hiç benzerlik yok
report-none = Yok, her şey yolunda
report-thanks = Teşekkürler. İlettim.
report-closed = Tamam, bir şey bildirilmedi.
report =
    { $star } ({ $item }): { $reason }
    Fotoğraf: { $photo }
    { $count } kez bildirildi, son: { $day }
reports-none = Bildirim yok.
hide-star = Bu yıldızı gizle
hide-photo = Bu fotoğrafı gizle
hide-none = Böyle kalsın
hide-undo = Yeniden göster
hide-undo-of = Yeniden göster: { $star }
hide-done-star = Bu andan itibaren her yerde gizli: { $star }.
hide-done-photo = Bu fotoğraf bu andan itibaren her yerde gizli: { $star }.
hide-undone = Yeniden görünüyor.
hide-left = Olduğu gibi kalıyor: { $star }.
hide-gone = O yıldız zaten gizli ya da artık galeride yok.
hide-who = Kimi gizleyeyim?
hide-nobody = Bu adda kimseyi tanımıyorum.
hide-usage = /hide AD bir yıldızı gizler. Şu an gizli: { $count }.

## Web sayfası. $percent “87%”; bir sorunda ilk cümle başlıktır
page-headline = Kime benziyorsun?
page-lead = Tek fotoğraf yeter: yüzün en çok hangi yıldızlara benziyor, gör.
page-language = Dil
page-no-script = Bu sayfa için JavaScript gerekiyor.
page-choose = Fotoğraf seç
page-choose-other = Başka fotoğraf seç
page-selfie = Selfie çek
page-retry = Yeniden dene
page-cancel = Vazgeç
page-hint = ya da buraya bırak veya yapıştır
page-privacy = Fotoğrafın bu sunucuda karşılaştırılır, istersen ondan bir resim yapılır ve hemen silinir; hiçbir şey saklanmaz. Yalnızca kendi fotoğraflarını ya da izin veren kişilerin fotoğraflarını gönder.
page-foot = Eğlencelik bir oyun: benzerlik, birinin kim olduğu hakkında bir şey söylemez.
page-comparing = Karşılaştırılıyor… Bir iki saniye sürer.
page-most-like = En çok benzediğin yıldız:
page-face = Yüz { $face } / { $faces }
page-face-like = Yüz { $face } / { $faces }, en çok benzediği yıldız:
page-meaning = Bu benzerlik, insanların { $percent } kadarının en yakın yıldızına benzerliğinden fazla.
page-others = Biraz da bunlara benziyor
page-your-face = Senin yüzün
page-faces = Bu fotoğraftaki yüzler
page-photo-by = Fotoğraf:
page-again = Başka fotoğraf dene
page-save = Kaydet
page-saved = Resim indirilenlerde.
page-pictures = Paylaşmalık resimler
page-card = Kart
page-morph = Dönüşüm
page-drawing = Çizim
page-making = Resim hazırlanıyor… Bu birkaç saniye sürer.
page-share = Paylaş
page-video = Video
page-strip = Beş resim
page-chat = Sohbet
page-story = Hikâye
page-square = Kare
page-filters = Kimler arasında aransın
page-more = Daha fazla
page-region = Nereden
page-born = Doğum yılı
page-looking = Yeniden aranıyor…
page-compare-two = İki kişiyi karşılaştır
page-compare-with = Biriyle karşılaştır
page-pair-title = İki kişi ne kadar benziyor?
page-first = Birinci kişi
page-second = İkinci kişi
page-pair-hint = Her kişinin bir fotoğrafını seç.
page-pair-meaning = Birbirini tanımayan çiftlerin { $percent } kadarından daha çok benziyorlar.
page-pair-truth = Aynı kişinin iki fotoğrafı neredeyse her zaman 99% alır. Bu bir oyun: ne iki fotoğraftakinin aynı kişi olduğunu ne de iki kişinin akraba olduğunu kanıtlar.
page-in-first = İlk fotoğraf: { $reason }
page-in-second = İkinci fotoğraf: { $reason }
page-back = Geri
page-find = Adıyla yıldız ara
page-find-nobody = Burada bu adda bir yıldız yok.
page-kin = Benzer yüzler
page-liked = Onu sevenler bunları da seviyor
page-too-large = Bu fotoğraf çok büyük. En fazla 20 MB ve 40 megapiksel olabilir.
page-nobody = Galeride böyle biri yok. Başka bir şey seç.
page-busy = Şu an burası kalabalık. Fotoğrafın saklanmadı. Birkaç saniye sonra yeniden dene.
page-often = Kısa sürede çok fazla fotoğraf geldi. Bir dakika bekle, sonra yeniden dene.
page-often-pictures = Kısa sürede çok fazla resim istendi. Bir dakika bekle, sonra yeniden dene.
page-card-none = Kart olmadı. Yeniden dene ya da başka bir fotoğraf kullan.
page-offline = Sunucuya ulaşılamıyor. Bağlantını kontrol et, sonra yeniden dene.
page-slow = Bu çok uzun sürdü. Bağlantın yavaş olabilir. Yeniden dene ya da daha küçük bir fotoğraf gönder.
page-broken = Sunucuda bir şeyler ters gitti. Sorun fotoğrafında değil. Birazdan yeniden dene.
