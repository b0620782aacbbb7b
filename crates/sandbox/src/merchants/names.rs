//! Merchant names in several scripts: a trade and a proper name in each language, combined by the index.
//!
//! The words are ordinary ones, made up for this purpose; no real merchant is meant. Scripts that search and layout find
//! hard are in on purpose: right-to-left, no spaces, combining marks, several letters for one sound.

struct Language {
    countries: &'static [&'static str],
    /// What stands between trade and name.
    joint: &'static str,
    /// Whether the name comes before the trade.
    name_first: bool,
    trades: &'static [&'static str],
    names: &'static [&'static str],
}

/// The country and name of the merchant at this index.
pub(super) fn name(index: u64) -> (&'static str, String) {
    match index {
        0 => ("SE", "Bageri Åsa".to_owned()),
        1 => ("DE", "Café Größe".to_owned()),
        2 => ("GR", "Δέλτα ΑΕ".to_owned()),
        _ => composed(mix(index)),
    }
}

fn composed(mixed: u64) -> (&'static str, String) {
    let language = &LANGUAGES[usize::try_from(mixed % LANGUAGES.len() as u64).unwrap_or(0)];
    let trade = pick(language.trades, mixed >> 8);
    let name = pick(language.names, mixed >> 24);
    let (first, second) = if language.name_first {
        (name, trade)
    } else {
        (trade, name)
    };
    (
        pick(language.countries, mixed >> 40),
        format!("{first}{}{second}", language.joint),
    )
}

fn pick(words: &[&'static str], number: u64) -> &'static str {
    words[usize::try_from(number % words.len() as u64).unwrap_or(0)]
}

/// Spreads an index over all bits (the finaliser of splitmix64), the same on every machine.
pub(super) fn mix(index: u64) -> u64 {
    let mut mixed = index.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

macro_rules! languages {
    ($([$($country:literal)+] $joint:literal $first:literal [$($trade:literal)+] [$($name:literal)+])*) => {
        const LANGUAGES: &[Language] = &[$(Language {
            countries: &[$($country),+], joint: $joint, name_first: $first, trades: &[$($trade),+], names: &[$($name),+],
        }),*];
    };
}

languages! {
    ["SE" "FI"] " " false
    ["Bageri" "Kafé" "Blomster" "Cykelverkstad" "Möbler" "Skor" "Bokhandel" "Ljus & Lampor" "Fiskaffär" "Trädgård"]
    ["Åsa" "Björk" "Öberg" "Sjöström" "Lindqvist" "Ängen" "Hägg" "Norrsken" "Åkerlund" "Västra" "Källan" "Fjärden"]
    ["NO" "DK"] " " true
    ["Bakeri" "Sykler" "Møbler" "Blomster" "Bøker" "Fiskehandel" "Klær" "Gårdsbutikk" "Kjøkken"]
    ["Ødegård" "Solstråle" "Bjørnstad" "Æbletræ" "Håkonsen" "Nørrebro" "Fjellro" "Søndergaard" "Lærke" "Åsgård"]
    ["DE" "AT" "CH"] " " false
    ["Bäckerei" "Café" "Buchhandlung" "Möbelhaus" "Fahrräder" "Gärtnerei" "Schuhhaus" "Feinkost" "Weingut" "Uhren"]
    ["Größe" "Müller" "Schäfer" "Weiß" "Königsberger" "Jäger" "Grün" "Straßburger" "Vögele" "Brückner" "Fuchsgräber"]
    ["FR" "BE" "CH"] " " false
    ["Boulangerie" "Librairie" "Crèmerie" "Fleurs" "Maison" "Épicerie" "Chaussures" "Pâtisserie" "Vélos" "Château"]
    ["Élodie" "du Marché" "Façade" "Hélène" "de l’Étoile" "Noël" "François" "Saint-Ouën" "Cœur" "d’Aubépine"]
    ["ES" "MX"] " " false
    ["Panadería" "Zapatería" "Librería" "Joyería" "Muebles" "Café" "Óptica" "Floristería" "Bodega" "Juguetería"]
    ["Muñoz" "Peñalver" "Ibáñez" "del Río" "Núñez" "La Montaña" "Güell" "San José" "Cigüeña" "Martín"]
    ["PT" "BR"] " " false
    ["Padaria" "Livraria" "Sapataria" "Café" "Pão" "Móveis" "Relojoaria" "Confeitaria"]
    ["São João" "Conceição" "Gonçalves" "Irmãos Brandão" "Açucena" "Magalhães" "Estação" "Simões"]
    ["PL"] " " false
    ["Piekarnia" "Księgarnia" "Kwiaciarnia" "Rowery" "Cukiernia" "Meble" "Żagle" "Obuwie"]
    ["Łąka" "Świętosława" "Źródło" "Gołąb" "Żółw" "Wójcik" "Ćwik" "Jabłoń" "Śnieżka"]
    ["CZ" "SK"] " " false
    ["Pekařství" "Knihkupectví" "Květiny" "Nábytek" "Řeznictví" "Cukráreň" "Kavárna"]
    ["Dvořák" "Šťastný" "Růžička" "Ďurčo" "Žižka" "Černý" "Ľubica" "Ptáček"]
    ["TR"] " " true
    ["Fırını" "Kitabevi" "Çiçekçilik" "Ayakkabı" "Mobilya" "Kahvesi" "Kuyumculuk"]
    ["Işık" "Gökçe" "Yıldız" "Şahin" "Öztürk" "İstanbul" "Güneş" "Ağaç"]
    ["VN"] " " false
    ["Tiệm bánh" "Nhà sách" "Cửa hàng" "Quán cà phê" "Giày dép" "Hoa tươi"]
    ["Nguyễn" "Hương Sen" "Phượng" "Đức" "Trần" "Ánh Dương" "Mỹ Lệ"]
    ["GB" "IE" "US"] " " true
    ["Bakery" "Books" "Cycles" "& Sons" "Outfitters" "Garden Supply" "Optics" "Toys" "Tea Rooms" "Hardware"]
    ["O’Brien" "Harrow" "Kingfisher" "St. Ives" "Blackthorn" "Marlowe" "Old Mill" "Fenwick" "Siobhán" "Two Rivers"]
    ["GR" "CY"] " " false
    ["Αρτοποιείο" "Βιβλιοπωλείο" "Ανθοπωλείο" "Έπιπλα" "Ποδήλατα" "Καφεκοπτείο" "Κοσμήματα"]
    ["Δέλτα" "Ελευθερία" "Παπαδόπουλος" "Ήλιος" "Αθηνά" "Ωκεανός" "Λουλούδι" "Θάλασσα"]
    ["BG" "RS" "UA"] " " false
    ["Пекарня" "Книжарница" "Квіти" "Обувки" "Хлебарница" "Меблі" "Цвећара" "Пекара"]
    ["Здравец" "Соняшник" "Ђорђевић" "Їжак" "Юлия" "Черешня" "Љубица" "Щастя" "Росинка"]
    ["CN" "TW"] "" true
    ["书店" "面包房" "花店" "家具店" "茶馆" "自行車行" "鞋店" "眼鏡行" "商店"]
    ["明月" "東風" "长江" "龍門" "小橋" "春天" "白鹤" "金華" "四海" "梅花"]
    ["JP"] "" true
    ["書店" "ベーカリー" "カフェ" "花屋" "家具店" "靴店" "時計店" "自転車"]
    ["さくら" "富士" "やまと" "ミナト" "青葉" "ひかり" "北斗" "カモメ" "渡邊"]
    ["KR"] " " true
    ["빵집" "서점" "꽃집" "가구" "자전거" "카페" "신발" "안경"]
    ["한빛" "무지개" "서울" "은하수" "달빛" "푸른하늘" "샘물" "까치"]
    ["AE" "EG" "SA"] " " false
    ["مخبز" "مكتبة" "زهور" "أثاث" "مقهى" "أحذية" "مجوهرات"]
    ["النور" "الياسمين" "المدينة" "القمر" "الأمل" "الصحراء" "البحر"]
    ["IL"] " " false
    ["מאפיית" "ספרי" "פרחי" "רהיטי" "קפה" "נעלי" "שעוני"]
    ["השמש" "כרמל" "שלום" "הגליל" "רימון" "אלון" "תקווה"]
    ["IN"] " " true
    ["बेकरी" "पुस्तक भंडार" "फूल घर" "फर्नीचर" "चाय घर" "साइकिल" "ज्वेलर्स"]
    ["गंगा" "कमल" "सूर्या" "शांति" "मयूर" "लक्ष्मी" "हिमालय"]
    ["TH"] "" false
    ["ร้านหนังสือ" "เบเกอรี่" "ร้านดอกไม้" "เฟอร์นิเจอร์" "ร้านกาแฟ" "จักรยาน"]
    ["พระจันทร์" "มะลิ" "รุ่งเรือง" "น้ำใส" "ฟ้าใหม่" "ชื่นใจ"]
}
