# Bahasa Indonesia. Argumen: $name nama depan seseorang, $star nama selebritas, $note siapa dia, $percent "87%".

## Perintah, seperti yang tampil di menu Telegram
command-start = apa yang bisa dilakukan bot ini
command-help = cara dapat hasil yang bagus
command-privacy = apa yang terjadi dengan fotomu
command-delete = hapus semua tentang aku
command-export = minta semua data yang disimpan tentang aku
command-mine = bintang yang sudah kudapat
command-top = bintang yang paling sering ditemui minggu ini
command-settings = bintangmu dicari di antara siapa saja
command-language = pilih bahasa

## Yang terlihat sebelum orang menulis: nama (64 huruf), deskripsi (512), deskripsi singkat (120)
profile-name = Aku mirip siapa?
profile-description =
    Kirim selfie, nanti kuberi tahu kamu mirip selebritas siapa dan seberapa mirip. Plus gambar yang bisa dibagikan. ✨

    🙋 Satu wajah, ramai-ramai, kamu dan temanmu.
    🔒 Fotomu dilihat sekali, lalu dibuang. Tidak ada apa pun dari wajahmu yang disimpan.
    🎭 Ini permainan untuk orang dewasa, bukan untuk mengenali orang.
profile-short-description = Kirim selfie, temukan bintangmu: kamu mirip selebritas siapa? Cuma buat seru-seruan, foto tidak disimpan. 📸

## Sapaan dan bantuan
start =
    Hai { $name }! Kirim selfie, nanti kuberi tahu kamu mirip selebritas siapa dan seberapa mirip.

    { $people } bintang sudah menunggumu. 📸
friend = teman
hello = Hai { $name }! Kirim foto wajahmu, nanti kucarikan bintangmu. 📸
help =
    Kirim foto, dan aku jawab dengan bintangmu plus persentasenya.

    • Paling bagus: satu wajah, dari depan, cahaya cukup.
    • Ada beberapa orang di foto? Semua kebagian bintang.
    • Album bisa, gambar yang dikirim sebagai file juga bisa (JPEG, PNG, HEIC, WebP, AVIF, GIF). Dari video, GIF, dan stiker, aku lihat satu frame saja.

    Arti persentasenya: 87% berarti kamu lebih mirip bintangmu daripada 87% orang mirip bintang mereka.

    Ini permainan untuk orang dewasa: untuk wajah anak-anak hasilnya kurang tepat. Tidak ada orang yang dikenali di sini.

    { $commands }
send-photo = Kirim foto yang ada wajahnya, nanti kucarikan bintangmu. Selengkapnya di /help.
only-pictures = Aku cuma bisa melihat gambar. Kirim sebagai foto, atau sebagai file JPEG, PNG, HEIC, WebP, AVIF, atau GIF.
old-button = Tombol itu sudah lama sekali, aku lupa buat apa. Kirim foto saja, yuk. 📸
unknown-command = Aku tidak kenal perintah itu. Kirim foto, atau lihat /help.

## Persetujuan
consent =
    Sebelum aku melihat fotomu, { $name }:

    • Wajahmu diukur dan dibandingkan dengan para bintang, lalu digambar ke gambar-gambar yang kamu terima. Setelah itu foto dan ukurannya langsung dibuang; keduanya tidak pernah disimpan.
    • Yang disimpan, dalam keadaan terenkripsi: bintang apa saja yang kamu dapat dan id Telegram dari kartu-kartu terakhirmu supaya bisa kamu bagikan, selama { $days } hari; seberapa sering kamu menemukan tiap bintang, selama setahun; id, nama, bahasa, dan pengaturanmu di Telegram. /delete menghapus semuanya sekaligus.
    • Ini permainan untuk orang dewasa, dan kurang tepat untuk wajah anak-anak. Tidak ada orang yang dikenali di sini.
    • Kirim hanya fotomu sendiri, atau foto orang yang sudah setuju.

    Kamu setuju?
consent-changed = Kamu sudah pernah setuju. Sejak itu ada tambahan yang kusimpan, jadi aku tanya sekali lagi.
consent-again = Yang ini juga menunggu sampai kamu menjawab pertanyaan di atas. Boleh kulihat?
consent-question =
    Singkatnya: aku melihat fotonya sekitar satu detik, membandingkan wajahnya dengan para bintang, lalu membuang keduanya. Tidak ada yang melihatnya, dan fotonya tidak pernah disimpan. Yang kusimpan: bintang apa saja yang kamu dapat, selama { $days } hari; /delete menghapus semuanya. Selengkapnya: /privacy.

    Boleh kulihat?
not-yours = Tombol ini punya orang lain. Kirim fotomu, nanti kamu dapat tombolmu sendiri.
consent-yes = Ya, carikan bintangku
consent-no = Tidak, makasih
consent-thanks = Makasih! Lagi mencari bintangmu… ✨
consent-refused = Oke: fotomu tidak kulihat dan sudah kulupakan. Kalau berubah pikiran, kirim lagi saja.
consent-withdrawn = Oke, aku tidak akan melihat fotomu lagi. Data yang tersimpan bisa dihapus dengan /delete.
consent-given = Makasih! Sekarang kirim fotonya. 📸
consent-stale = Kamu sudah setuju. Kirim fotonya, yuk. 📸

## Jawaban
tier-twin = { $variant ->
    [0] Miripnya bikin orang menoleh dua kali.
    [1] Dua orang asing jarang semirip ini.
    [2] Mirip banget, banget!
    [3] Dari seberang jalan, susah dibedakan.
    [4] Kemiripan yang langka.
    [5] Siap-siap dipanggil dengan nama itu sama teman-teman.
    [6] Kalau dia butuh pemeran pengganti, kamu orangnya.
    [7] Nah, ini baru mirip!
    [8] Jarang ada yang sedekat ini dengan bintangnya.
   *[other] Wajah kalian banyak sekali samanya.
    }
tier-strong = { $variant ->
    [0] Miripnya mencolok!
    [1] Sekali lihat langsung kelihatan.
    [2] Bukan cuma sekilas: ini memang mirip.
    [3] Suatu hari nanti pasti ada yang bilang begitu.
    [4] Cocok, jauh di atas rata-rata.
    [5] Bisa dikira sepupuan.
    [6] Banyak dari wajah itu ada di wajahmu.
    [7] Pakai kacamata hitam, orang bisa salah sangka.
    [8] Miripnya pantas dipamerkan.
   *[other] Kalian berdua pas kalau berdiri berdampingan.
    }
tier-some = { $variant ->
    [0] Ada sesuatu darinya di wajahmu.
    [1] Mirip tipis-tipis, dan manis.
    [2] Kalau cahayanya pas, iya.
    [3] Beberapa garis wajahnya senada.
    [4] Di hari yang bagus, kayak masih saudara.
    [5] Bukan kembaran, tapi tetap ada miripnya.
    [6] Miripnya malu-malu, tapi ada.
    [7] Setengah mirip, tapi wajahnya seratus persen punyamu.
    [8] Sejumput debu bintang.
   *[other] Lihat sekali lagi, nanti kelihatan.
    }
tier-faint = { $variant ->
    [0] Miripnya tipis, tapi tidak ada yang lebih dekat.
    [1] Kamu paling mirip dirimu sendiri.
    [2] Wajah langka: bintang terdekat pun masih jauh.
    [3] Yang belum dimiliki para bintang itu kamu.
    [4] Hampir tidak ada yang mirip kamu, dan itu pujian.
    [5] Orisinal! Bintang ini cuma yang paling dekat.
    [6] Kembaranmu tidak ketemu; ini tetangga terdekatmu di langit.
    [7] Wajah yang khas. Kalau harus pilih bintang, ya yang ini.
    [8] Cuma sedikit mirip: wajah sepertimu jarang di galeri ini.
   *[other] Cuma ada satu, dengan sedikit salam dari bintang ini.
    }
answer =
    { $percent } { $star }{ $note }
    { $tier }
    { $meaning }
answer-meaning = Kamu lebih mirip bintangmu daripada { $percent } orang mirip bintang mereka.
answer-place = Nomor { $place } dari { $count } bintang yang paling mirip kamu.
among = Di antara { $who }:
among-born = Di antara { $who }, kelahiran { $years }:
among-any = para bintang
among-male = pria
among-female = wanita
from-africa = dari Afrika
from-asia = dari Asia
from-east-asia = dari Asia Timur
from-south-asia = dari Asia Selatan
from-middle-east = dari Timur Tengah
from-europe = dari Eropa
from-north-america = dari Amerika Utara
from-latin-america = dari Amerika Latin
from-oceania = dari Oseania
answer-group = 👥 Di foto ini, dari kiri ke kanan:
answer-other = { $star } – { $percent }
answer-more-people = …dan { $count } lagi
note = , { $note }
doubt-dark = 🌙 Fotonya gelap, jadi aku kurang yakin. Dengan cahaya yang cukup, bintangnya bisa lain.
doubt-blurred = 🌫 Wajahnya buram, jadi aku kurang yakin. Dengan foto yang lebih tajam, bintangnya bisa lain.
doubt-covered = 😷 Wajahnya tertutup sebagian, jadi aku kurang yakin. Kalau terlihat semua, bintangnya bisa lain.
doubt-turned = ↪️ Wajahnya menoleh, jadi aku kurang yakin. Dari depan, bintangnya bisa lain.
card-you = Kamu
card-question = Kalau kamu? Mirip siapa?
card-from-photos = dari { $photos } foto
card-credit = Foto: { $author }{ $license }
card-credit-license = , { $license }
card-credit-cropped = { $credit }, dipotong
card-license = { $credit } · kartu: { $license }
credit-source = sumber
credit = 📷 { $author }{ $license }
button-next = Bintang lain ▶
button-previous = ◀ Kembali
button-filters = Wilayah dan era
button-back = ◀ Kembali ke bintangku
chosen = ✓ { $what }
where-male = Pria
where-female = Wanita
where-any = Semua
where-nobody = Di situ tidak ada yang bisa dibandingkan denganmu. Coba pilihan yang lebih luas.
region-any = Seluruh dunia
region-africa = Afrika
region-asia = Asia
region-east-asia = Asia Timur
region-south-asia = Asia Selatan
region-middle-east = Timur Tengah
region-europe = Eropa
region-north-america = Amerika Utara
region-latin-america = Amerika Latin
region-oceania = Oseania
era-any = Lahir kapan saja
era-until = sampai { $last }
era-from = sejak { $first }
settings = Sekarang bintangmu kucari { $among }. Mulai sekarang mau bagaimana?
settings-anybody = di antara semua bintang
photo-gone = Foto itu sudah tidak bisa kulihat; mungkin sudah dihapus. Kirim sekali lagi, nanti kita lanjut. 📸
button-about = Siapa { $star }?
button-share = Kasih tahu teman
share-text = Aku mirip { $star }: { $percent }! Kamu?
more = Setelah { $star } ({ $percent }), kamu paling mirip:
more-line = { $rank }. { $star } – { $percent }
more-none = Sudah tidak ada lagi untuk foto itu. Kirim yang baru, yuk. 📸

## Koleksi
mine = ⭐ Bintangmu: { $count } dari { $people }.
mine-rarest =
    💎 Paling langka: { $star }, { $people ->
        [1] belum ada yang dapat selain kamu
       *[other] didapat { $people } orang
    }.
mine-line = • { $star } – { $when }{ $times }
mine-times = , { $count } kali
mine-unmet = 🔭 { $count } bintang belum ditemui siapa pun. Siapa saja? /top
mine-none = Kamu belum punya bintang. Kirim foto wajahmu untuk dapat yang pertama dari { $people }. 📸
ago =
    { $days ->
        [0] hari ini
        [1] kemarin
       *[other] { $days } hari lalu
    }
top = 🔥 Bintang yang paling sering ditemui minggu ini:
top-line = { $rank }. { $star } – { $people } orang
top-none = Minggu ini belum ada yang bertemu bintang. Kirim foto wajahmu dan jadi yang pertama. 📸
top-unmet = 🔭 { $count } bintang belum ditemui siapa pun. Ini beberapa di antaranya:
inline-mine-too = Kalau aku mirip siapa? 📸
inline-how-alike = Seberapa mirip kita? 📸
inline-find-mine = 📸 Cari bintangku
inline-star = { $star }{ $note }
friend-star =
    👋 Hai { $name }! Temanmu { $friend } ternyata mirip { $star }: { $percent }.
    Kalau kamu mirip siapa? Kirim foto wajahmu. 📸
friend-link-over = Hai { $name }! Tautan itu sudah tidak bercerita lagi. Tapi aku bisa kasih tahu kamu mirip siapa: kirim foto wajahmu. 📸
friend-link-own = Itu tautanmu sendiri. Kirim ke temanmu: nanti dia tahu bintang apa yang kamu dapat.
button-morph = 🎬 Berubah jadi bintang
button-strip = 🖼 Jadi lima gambar
morph = Kamu berubah menjadi { $star }: { $percent } 🎬
morph-license = Gambar ini juga boleh diteruskan dengan { $license }.
morph-none = Dari foto ini tidak bisa: perlu wajah dari depan dan foto bintang yang boleh diubah.
button-story = 📱 Untuk story
button-square = ◻️ Persegi
button-avatar = 🎨 Potret gambarku
avatar = Potret gambarmu 🎨
avatar-none = Foto ini tidak bisa digambar: perlu wajah yang cukup besar dan terlihat jelas.
avatar-comic = 💥 Komik
avatar-ink = 🖋 Tinta
avatar-poster = 🌆 Poster
avatar-sticker = Jadikan stiker
avatar-round = ⭕ Bulat
avatar-ask = 🎨 Kirim foto dengan wajahmu besar dan jelas, lalu kugambar: sebagai komik, dengan tinta, atau sebagai poster.
avatar-own = Aku hanya menggambar orang yang mengirim fotonya. Balas fotomu sendiri dengan /avatar, atau kirim satu lewat chat pribadi. 🎨
button-challenge = ⚔️ Tantang teman
challenge-made =
    ⚔️ Kirim tautan ini ke temanmu:
    { $link }
    Begitu dia mengirim foto wajahnya, kalian berdua dapat satu kartu: dua wajah kalian, dan seberapa mirip. Tautannya berlaku tujuh hari. Fotomu tetap di Telegram; aku cuma mencatat tempatnya.
challenge-send = Pilih teman
challenge-share = Seberapa mirip kita berdua? ⚔️
challenge-take-back = Tarik kembali
challenge-asked =
    ⚔️ { $friend } ingin tahu seberapa mirip kalian berdua!
    Kirim foto wajahmu, dan kalian berdua dapat satu kartu berisi dua wajah dan persentasenya. Kalian masing-masing bisa menariknya kembali.
challenge-no = Tidak, makasih
challenge-again = { $reason }
    Kirim yang lain, nanti kalian kubandingkan. ⚔️
challenge-own = Itu tantanganmu sendiri. Kirim tautannya ke temanmu. ⚔️
challenge-over = Tantangan itu sudah selesai, atau sudah ditarik kembali.
duel-please-delete = Temanmu menarik kembali kartu kalian berdua. Aku sudah tidak bisa menghapusnya di sini: tolong hapus sendiri, ya. Terima kasih!
challenge-declined = Oke, tidak jadi dibandingkan. Kalau berubah pikiran, buka tautannya lagi.
challenge-taken-back = Sudah ditarik: tautannya tidak berlaku lagi.
duel-result =
    ⚔️ Kalian berdua, { $one } dan { $other }: { $percent }
    { $tier }
    Kalian lebih mirip daripada { $percent } pasangan orang asing. Ini permainan: bukan soal hubungan keluarga.
duel-taken-back = Sudah ditarik: kartunya dihapus di kedua chat.
tell-friends = 🔗 Biarkan tautanku menyebut bintangku
tell-friends-stop = 🔗 Tautanku menyebut bintangku ✓

## Album
album-pooled = 🖼 Dari { $photos } foto, dilihat sekaligus.
album-one = 🖼 Hasil dari satu foto ini saja di album.
album-left-out = { $photos } foto lain tidak ada wajah yang bisa kupakai.
album-each = Hasil untuk tiap foto:
album-line = { $number }. { $answer }

## Satu bintang
command-star = halaman seorang bintang, lewat namanya
star-ask = Mau lihat halaman siapa? Ketik nama bintangnya.
star-which = Maksudmu siapa?
star-unknown = Aku tidak kenal nama itu. Coba ejaan lain, atau bintang lain.
star-gone = Bintang itu sudah tidak ada di galeriku. Coba yang lain: /star
star-kin = Bintang yang paling mirip dengannya (jarak, kosinus):
star-kin-line = • { $star } – { $distance }, { $cosine }
star-found = { $count } orang di sini dapat bintang ini.
button-duel = Seberapa mirip kita?
duel-ask = Seberapa mirip kamu dengan { $star }? Kirim foto wajahmu, nanti kuberi tahu. 📸
duel =
    { $percent } { $star }
    { $tier }
    Kamu lebih mirip { $star } daripada { $percent } orang.
duel-twin = Kalau nanti ada yang minta tanda tangan, senyum saja dan tanda tangani.
duel-strong = Iya, kelihatan. Yang lain pasti juga lihat.
duel-some = Ada sedikit miripnya.
duel-faint = Tidak terlalu mirip: kamu cuma ada satu.
duel-doubt = Fotonya kurang jelas, jadi aku kurang yakin. Foto lain bisa memberi persentase lain.
duel-share-text = { $star } dan aku: { $percent } mirip! Kamu?
role-actor = film
role-athlete = olahraga
role-singer = musik
role-footballer = sepak bola
role-rapper = rap
role-coach = kepelatihan
role-tennis-player = tenis
role-model = mode
role-presenter = televisi
role-director = penyutradaraan
role-dancer = tari
role-basketball-player = basket
role-comedian = komedi
role-racing-driver = balap
role-politician = politik
role-royalty = keluarga kerajaan
role-writer = buku
role-musician = musik
role-businessperson = bisnis
role-youtuber = YouTube

## Grup
group-welcome = Hai semuanya! 👋 Balas fotomu sendiri dengan /lookalike, atau kirim foto dan sebut { $bot } di keterangannya, nanti kuberi tahu kamu mirip siapa. Kalau itu foto orang lain, aku minta izin dulu ke dia. Selebihnya aku diam.
group-no-pictures = Di sini aku tidak boleh mengirim gambar, jadi jawabanku cuma teks. Admin bisa mengubahnya.
group-next-photo = Kirim foto wajahmu sebagai balasan untuk pesan ini, nanti kuberi tahu kamu mirip siapa. 📸
command-lookalike = aku mirip siapa? (di grup)
permission-star = { $name } tanya: kamu mirip siapa? Boleh kulihat foto ini? Sekali saja; tidak ada yang disimpan.
elsewhere-photo = Balas fotomu sendiri dengan { $bot }, atau tulis { $bot } di keterangannya, nanti kuberi tahu kamu mirip siapa. 📸
elsewhere-consent = Sebelum melihat foto, aku perlu persetujuanmu, sekali saja dan di chat kita sendiri: buka { $bot } dan kirim foto di sana. Setelah itu di sini juga bisa.
permission-pair = { $name } tanya: seberapa mirip kalian berdua? Boleh kulihat foto ini? Sekali saja; tidak ada yang disimpan.
permission-yes = Ya, silakan
permission-no = Tidak, makasih
permission-thanks = Makasih! Sebentar… ✨
permission-refused = Oke: foto ini tidak kulihat.
permission-old = Pertanyaan itu sudah terlalu lama. Tanya sekali lagi, ya.

## Membandingkan dua orang
command-compare = seberapa mirip dua orang?
command-avatar = fotomu jadi gambar
compare-ask = 👥 Kirim dua foto, satu-satu atau sekaligus, nanti kuberi tahu seberapa mirip dua orang itu. Hanya kalau yang ada di foto setuju, ya.
compare-second = Sip. Sekarang foto orang kedua. 👥
compared =
    👥 { $percent }
    { $tier }
    Mereka lebih mirip daripada { $percent } pasangan orang asing. Ini permainan: bukan soal hubungan keluarga.
pair-twin = Bisa jadi kembar, atau orang yang sama!
pair-strong = Mirip banget: bisa dikira satu keluarga.
pair-some = Ada yang sama di antara mereka.
pair-faint = Dua wajah yang sangat berbeda, masing-masing cuma ada satu.
compare-refused-first = Di foto pertama: { $reason }
    Kirim yang lain untuk dibandingkan dengan yang kedua.
compare-refused-second = Di foto kedua: { $reason }
compare-gone = Foto itu sudah tidak ada. Kirim sekali lagi, ya. 📸
compare-first-name = Yang pertama
compare-second-name = Yang kedua
compare-left-name = Kiri
compare-right-name = Kanan
button-compare = 👥 Seberapa mirip dua orang ini?
button-cards = 🖼 Kartu untuk semua orang

## Menu dan obrolan
command-random = bintang acak
menu-find = 📸 Cari bintangku
menu-random = 🎲 Bintang acak
menu-mine = ⭐ Bintangku
menu-how = 💬 Apa kabar?
menu-great = 😊 Baik banget!
menu-soso = 😐 Biasa saja
menu-number = 🎲 Satu lagi
menu-find-answer = Dengan senang hati! Kirim foto wajahmu, nanti kucarikan bintangmu. 📸
star-near = Aku kurang yakin siapa maksudmu. Salah satu dari ini?
lost-menu = Maaf, yang itu aku tidak paham. Ini yang bisa kulakukan:
lost-stars = Aku lebih jago soal wajah daripada kata-kata. Mau lihat salah satu dari mereka?
talk-thanks = Sama-sama! 💛
talk-who = Aku bot yang kenal banyak wajah terkenal. Kirim wajahmu, nanti kuberi tahu kamu mirip bintang siapa.
talk-how = Baik banget, makasih: seharian bareng para bintang. Kamu gimana?
talk-great = Senang dengarnya! Pas banget buat selfie. 📸
talk-soso = Kalau begitu ayo kita ceriakan harimu: mau lihat satu bintang?
talk-number = Angkamu { $number }.
talk-bye = Sampai jumpa! Aku dan para bintang tetap di sini. 👋
talk-compliment = Makasih, aku jadi malu. 😊 Kamu juga keren.
talk-insult = Aku memang masih harus banyak belajar. Coba pakai foto, yuk: di situ aku paling jago.
talk-love = Manis sekali. ❤️ Aku cuma bot, tapi hariku jadi indah.
talk-joke = { $variant ->
        [0] Kenapa bintang tidak pernah kesepian? Soalnya mereka selalu datang satu rasi.
        [1] Olahraga favoritku? Senam wajah. Wajah orang lain, tentunya.
       *[other] Aku dan cermin kerjanya sama. Tapi cuma aku yang kenal Angelina Jolie.
    }
talk-age = Cukup muda untuk penasaran, cukup tua untuk ingat film hitam putih.
talk-can =
    • Kirim foto: kuberi tahu kamu mirip bintang siapa.
    • Ketik nama bintang: kutunjukkan siapa dia, dan siapa yang mirip dengannya.
    • /star dan tombol di bawahnya: seberapa mirip kamu dengan dia.

    Lainnya: /help
talk-from = Dari komputer yang tidak pernah tidur. Wajah-wajah terkenal mampir seharian.
talk-real = Aku bot: tidak punya hati, tapi di kepalaku banyak wajah.
talk-laugh = { $variant ->
        [0] 😄 Aku senang kalau ada yang ketawa.
        [1] 😂 Ketawa lepas bikin selfie makin bagus.
       *[other] 😁 Tahan senyumnya, lalu kirim fotonya!
    }
talk-okay = { $variant ->
        [0] 👍 Kapan pun kamu mau: kirim foto, atau nama bintang.
        [1] 👌 Aku di sini. Kirim foto, atau ketik nama bintang.
       *[other] 🙂 Sip. Kita cari bintangmu? Cukup satu foto.
    }
talk-sorry = Tidak apa-apa. 💛
talk-bored = Kalau itu aku bisa bantu. Mulai?
talk-honest = Aku cuma mengukur seberapa dekat dua wajah, dan cahaya serta sudut ikut menentukan. Foto lain bisa memberi hasil lain.
talk-pretty = Cantik dan ganteng tidak bisa kuukur, orang lain pun tidak. Yang bisa kubilang: kamu mirip bintang siapa.
talk-photo = Ketuk penjepit kertas 📎 di samping kolom pesan, lalu pilih foto atau ambil yang baru. Paling bagus wajah dari depan dengan cahaya cukup.

## Kenapa tidak ada jawaban
no-face = Aku tidak melihat wajah di gambar ini. Coba dari depan, dari dekat, dengan cahaya cukup.
too-dark = Gambar ini terlalu gelap: wajahnya tidak kelihatan. Coba di tempat terang, menghadap lampu atau jendela.
blurred = Gambar ini terlalu buram: wajahnya tidak kelihatan. Pegang ponsel jangan sampai goyang, lap lensanya, lalu coba lagi.
face-too-small = Wajahnya terlalu kecil buatku. Mendekatlah, atau kirim gambar yang lebih besar.
unreadable = Gambar ini rusak dan tidak bisa kubaca. Kirim lagi, atau kirim yang lain.
too-large = Gambar ini terlalu besar: paling besar 20 MB dan 40 megapiksel. Kirim sebagai foto, nanti Telegram mengecilkannya.
not-a-picture = File ini bukan gambar yang bisa kubaca. JPEG, PNG, HEIC, WebP, AVIF, dan GIF bisa.
failed = Maaf, ada yang salah di sini. Coba lagi, ya.
waiting = Sekarang lagi ramai. Fotomu di antrean nomor { $place }; kira-kira { $seconds } detik. Pasti kujawab, tidak usah dikirim lagi. ⏳

## Penilaian: $score dari 1 sampai 10, $stars nama-nama dengan "dan" sebelum yang terakhir
command-rate = nilai para bintang, satu demi satu
command-recommend = bintang yang bakal kamu suka
button-rate = 💛 Nilai bintang ini
button-rated = 💛 { $score } dari 10 · ubah
button-unrate = Tarik kembali
button-rate-stars = 💛 Nilai para bintang
button-skip = Lewati
button-stop = Berhenti
button-recommend = 💛 Siapa yang bakal kusuka?
rating-asked = 1: bukan seleraku, 10: favorit. Kusimpan setahun, terenkripsi, untuk merekomendasikan bintang; /delete menghapusnya.
rating-kept = { $star }: { $score } dari 10. Bisa kamu ubah, atau tarik kembali.
rating-gone = { $star }: nilaimu sudah dihapus.
rate-how = Seberapa suka kamu dengan { $star }? 1: bukan seleraku, 10: favorit.
rate-count = Sudah dinilai: { $count }
rate-notice = Nilaimu kusimpan setahun, terenkripsi, untuk merekomendasikan bintang kepadamu dan orang lain. /delete menghapusnya.
rate-done = Kamu sudah menilai { $count } bintang.
rate-all = Semua bintang yang kukenal sudah kamu nilai. ⭐
recommend = 💛 Kayaknya kamu bakal suka:
recommend-line = { $rank }. { $star }{ $why }
recommend-liked = , karena kamu suka { $stars }
recommend-face = , wajahnya seperti { $stars }
recommend-known = , salah satu yang paling terkenal
recommend-early = Belum banyak yang memberi nilai. Sampai cukup, aku berpatokan pada wajah dan ketenaran.
recommend-missing = Aku bisa merekomendasikan bintang setelah lima penilaianmu: { $count } lagi, ya.
names-and = { $names } dan { $name }
star-also = 💛 Yang suka dia juga suka: { $stars }
privacy-ratings = ⭐ Kalau kamu menilai bintang, itu juga kusimpan, terenkripsi, selama setahun. Gunanya untuk merekomendasikan bintang kepadamu dan orang lain; pengguna lain tidak akan tahu itu nilai dari siapa.
stats-ratings = Penilaian tersimpan: { $ratings }

## Privasi
privacy =
    Apa yang terjadi di sini, dengan kata-kata sederhana:

    📷 Fotomu ada di memori selama aku menjawab, sekitar satu detik, dan tidak pernah ditulis ke mana pun. Begitu juga ukuran wajahmu. Tidak ada orang yang melihatnya, dan tidak ada model yang belajar darinya.

    🗂 Yang kusimpan: id, nama, bahasa, dan pengaturanmu di Telegram, kapan kamu pertama dan terakhir menulis, kapan kamu setuju, bintang apa saja yang kamu dapat, dan id Telegram dari kartu-kartu terakhirmu supaya bisa kamu bagikan. Riwayat itu dihapus setelah { $days } hari; seberapa sering kamu menemukan tiap bintang, setahun setelah yang terakhir. Semuanya terenkripsi di diskku{ $log ->
        [readable] ; pengelolaku menyimpan salinannya di basis datanya sendiri, dan di sana bisa ia baca.
        [sealed] ; pengelolaku menyimpan salinannya di basis datanya sendiri, juga terenkripsi.
       *[none] .
    }

    🙋 /export mengirim semua yang kusimpan tentangmu. /delete menghapus semuanya sekaligus.

    ⚖️ Ini permainan untuk orang dewasa, dan kurang tepat untuk wajah anak-anak. Tidak ada orang yang dikenali, dan ini bukan alat untuk mencari tahu siapa seseorang. Kirim hanya fotomu sendiri, atau foto orang yang sudah setuju.
privacy-pictures = 🎨 Kartu, juga transformasi atau gambar kalau kamu minta, dibuat dari fotomu. Tidak satu pun gambar itu kusimpan.
privacy-more = ⚔️ Tantangan menyimpan, paling lama tujuh hari, letak fotomu di Telegram, bukan fotonya. Kalau seseorang diblokir, id-nya tetap disimpan, bahkan setelah /delete.
privacy-operator = 🧑‍💻 Bot ini dikelola oleh { $operator }.
deleted = Beres: semua tentangmu sudah dihapus, termasuk persetujuanmu. Kalau kamu menulis lagi, kita mulai dari awal. 👋
deleted-banned = Beres: semua tentangmu sudah dihapus, termasuk persetujuanmu. Yang tersisa cuma id-mu di daftar orang yang tidak kujawab.
banned = Aku tidak menjawabmu lagi: begitu keputusan pengelolaku. /export dan /delete tetap bisa dipakai.
deleted-nothing = Tidak ada apa pun tentangmu yang disimpan di sini.
private-only = Tanyakan itu lewat chat pribadi: tidak perlu dibaca satu grup.
export-wait = Barusan sudah kukirim. Minta lagi sebentar lagi, ya.
export-caption = Semua yang disimpan tentangmu.

## Bahasa
language = Aku bicara bahasa apa?
language-auto = Seperti di Telegram-ku
language-chosen = Oke, aku bicara bahasa Indonesia.

## Untuk yang menjalankan bot
stats =
    Orang: { $people }, di antaranya { $consented } setuju, { $blocked } memblokir bot
    Jawaban tersimpan: { $answers }, di antaranya { $matches } dengan bintang
    Foto yang menunggu persetujuan: { $held }
    Update belum dijawab: { $waiting }; gagal total: { $dead }
    Baris menuju MongoDB: { $outbox }
    Bintang di galeri: { $stars }
    Proses wajah yang mati: { $deaths }
chart-people = Orang baru
chart-answers = Jawaban
chart-matches = Dengan bintang
chart-refusals = Tanpa bintang
chart-languages = Bahasa
ban-usage = { $command } perlu id Telegram di belakangnya, atau sebuah pesan darinya: teruskan ke aku, lalu balas dengan { $command }.
ban-admin = Tidak bisa: itu aku sendiri, atau salah satu pengelolaku.
ban-done = { $user } diblokir dan tidak dijawab lagi. /unban membatalkannya.
ban-before = { $user } memang sudah diblokir.
unban-done = { $user } dijawab lagi.
unban-nobody = { $user } tidak sedang diblokir.
reload-done = Indeks di disk sudah dipakai: { $people } bintang.
reload-refused = Indeks di disk ditolak, yang lama tetap dipakai: { $why }
news-on = 🔔 Pesan untuk semua orang dikirim kepadamu juga.
news-off = 🔕 Pesan untuk semua orang tidak dikirim kepadamu.
news-stop = 🔕 Jangan kirim yang begini lagi
news-again = 🔔 Kirim lagi yang begini
broadcast-usage = Tulis apa yang harus dibaca semua orang: /broadcast TEKS. Atau balas sebuah pesan dengan /broadcast, dan semua dapat salinannya, lengkap dengan gambar dan formatnya.
broadcast-cannot = Pesan itu tidak bisa disalin. Coba yang lain.
broadcast-draft = Ini yang akan diterima { $people } orang. Kirim?
broadcast-running = Sedang dikirim: { $sent } dari { $all } terkirim. Memblokirku: { $blocked }, gagal: { $failed }.
broadcast-paused = Dijeda: { $sent } dari { $all } terkirim. Memblokirku: { $blocked }, gagal: { $failed }.
broadcast-done = Selesai: { $sent } dari { $all } terkirim. Memblokirku: { $blocked }, gagal: { $failed }.
broadcast-cancelled = Dibatalkan: { $sent } dari { $all } terkirim. Memblokirku: { $blocked }, gagal: { $failed }.
broadcast-declined = Tidak mau menerima: { $count }.
broadcast-button-send = Kirim
broadcast-button-pause = Jeda
broadcast-button-resume = Lanjutkan
broadcast-button-cancel = Batalkan

## Laporan
button-report = Ada yang salah
report-ask = Apa yang salah dengan { $star }?
report-unkind = Ini menyinggung
report-photo = Foto itu orang lain
report-unlike = Tidak mirip sama sekali
report-none = Tidak ada, aman
report-thanks = Makasih. Sudah kuteruskan.
report-closed = Oke, tidak ada yang dilaporkan.
report =
    { $star } ({ $item }): { $reason }
    Foto: { $photo }
    Dilaporkan { $count } kali, terakhir { $day }
reports-none = Tidak ada laporan.
hide-star = Sembunyikan bintang ini
hide-photo = Sembunyikan foto ini
hide-none = Biarkan
hide-undo = Tampilkan lagi
hide-undo-of = Tampilkan { $star } lagi
hide-done-star = { $star } disembunyikan, di mana pun dan mulai sekarang.
hide-done-photo = Foto { $star } itu disembunyikan, di mana pun dan mulai sekarang.
hide-undone = Ditampilkan lagi.
hide-left = { $star } tetap seperti semula.
hide-gone = Bintang itu sudah disembunyikan, atau sudah tidak ada di galeri.
hide-who = Siapa yang mau disembunyikan?
hide-nobody = Aku tidak kenal siapa pun dengan nama itu.
hide-usage = /hide NAMA menyembunyikan seorang bintang. Sekarang tersembunyi: { $count }.

## Halaman web. $percent "87%"; pada suatu masalah, kalimat pertama adalah judulnya
page-headline = Kamu mirip siapa?
page-lead = Satu foto, dan kamu lihat bintang mana yang paling mirip wajahmu.
page-language = Bahasa
page-no-script = Halaman ini butuh JavaScript.
page-choose = Pilih foto
page-choose-other = Pilih foto lain
page-selfie = Ambil selfie
page-retry = Coba lagi
page-cancel = Batal
page-hint = atau seret ke sini, atau tempel
page-privacy = Fotomu dibandingkan di server ini, dibuat jadi gambar kalau kamu minta, lalu langsung dibuang; tidak ada yang disimpan. Kirim hanya fotomu sendiri, atau foto orang yang sudah setuju.
page-foot = Cuma permainan: kemiripan tidak menentukan siapa dirimu.
page-comparing = Membandingkan… Sebentar, satu-dua detik.
page-most-like = Kamu paling mirip
page-face = Wajah { $face } dari { $faces }
page-face-like = Wajah { $face } dari { $faces } paling mirip
page-meaning = Lebih mirip daripada { $percent } orang dengan bintang terdekat mereka.
page-others = Juga sedikit mirip
page-your-face = Wajahmu
page-faces = Wajah di foto ini
page-photo-by = Foto:
page-again = Coba foto lain
page-save = Simpan
page-saved = Gambarnya ada di folder unduhan.
page-pictures = Gambar untuk dibagikan
page-card = Kartu
page-morph = Transformasi
page-drawing = Lukisan
page-making = Gambar sedang dibuat… Ini perlu beberapa detik.
page-share = Bagikan
page-video = Video
page-strip = Lima gambar
page-chat = Obrolan
page-story = Story
page-square = Persegi
page-filters = Dicari di antara siapa
page-more = Lainnya
page-region = Dari
page-born = Tahun lahir
page-looking = Mencari lagi…
page-compare-two = Bandingkan dua orang
page-compare-with = Bandingkan dengan seseorang
page-pair-title = Seberapa mirip dua orang?
page-first = Orang pertama
page-second = Orang kedua
page-pair-hint = Pilih satu foto untuk masing-masing.
page-pair-meaning = Lebih mirip daripada { $percent } pasangan orang asing.
page-pair-truth = Dua foto orang yang sama biasanya dapat 99%. Ini permainan: bukan bukti bahwa dua foto menunjukkan orang yang sama, dan bukan bukti hubungan keluarga.
page-in-first = Foto pertama: { $reason }
page-in-second = Foto kedua: { $reason }
page-back = Kembali
page-find = Cari bintang menurut nama
page-find-nobody = Tidak ada bintang bernama itu di sini.
page-kin = Wajah yang mirip
page-liked = Orang yang sama juga suka
page-too-large = Foto ini terlalu besar. Paling besar 20 MB dan 40 megapiksel.
page-nobody = Tidak ada yang seperti itu di galeri. Pilih yang lain.
page-busy = Sekarang lagi ramai. Fotomu tidak disimpan. Coba lagi beberapa detik lagi.
page-often = Terlalu banyak foto dalam waktu singkat. Tunggu semenit, lalu coba lagi.
page-often-pictures = Terlalu banyak gambar dalam waktu singkat. Tunggu semenit, lalu coba lagi.
page-card-none = Kartunya tidak jadi. Coba lagi, atau pakai foto lain.
page-offline = Server tidak terjangkau. Periksa koneksimu, lalu coba lagi.
page-slow = Ini terlalu lama. Mungkin koneksimu lambat. Coba lagi, atau kirim foto yang lebih kecil.
page-broken = Ada yang salah di server. Bukan salah fotomu. Coba lagi sebentar lagi.
