"""Words that names, streets and cities of invented partners are made of, by country.

All letters are in the code pages of western Europe (1252 and 850), so that any legacy system can
write them. Phone numbers are from ranges kept free for fiction or have an exchange of zeros, mail
addresses end in ``.example``, tax numbers have an X that no country gives, and barcodes are of a
range for use within a firm; no person or firm is meant.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """Words and habits of a country."""

    code: str
    currency: str
    phone: str
    """How a phone number begins; four digits follow."""
    postcode_digits: int
    legal_forms: tuple[str, ...]
    surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    streets: tuple[str, ...]
    """``{}`` stands for the house number."""
    cities: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


COUNTRY_WORDS: tuple[Country, ...] = (
    Country(
        "US", "USD", "+1 {} 555 01", 5, ("Inc.", "LLC", "Corp.", "Co.", "Ltd."),
        _words("Miller, Baker, Olsen, Novak, Hughes, Carter, Reyes, Whitman, Lindgren, Foster, "
               "O'Brien, Delgado, Kowal, Parker, McKay, Stone, Hale, Abbott, Turner, Vance, "
               "Bishop, Crane, Dalton, Ellis, Grant, Harlow, Ingram, Jensen, Keller, Lowell"),
        _words("Anna, Brian, Carol, David, Elena, Frank, Grace, Henry, Iris, James, Karen, Luis, "
               "Maria, Nathan, Olivia, Peter, Rosa, Samuel, Teresa, Victor"),
        _words("{} Main Street, {} Oak Avenue, {} Industrial Parkway, {} 2nd Street, {} Mill Road, "
               "{} Commerce Drive, {} Lake Shore Boulevard, {} County Road 12, {} River Street"),
        _words("Dayton, Toledo, Grand Rapids, Akron, Peoria, Fort Wayne, Rockford, Lansing, "
               "Springfield, Muncie, Saginaw, Canton, Elgin, Racine, Duluth, Flint"),
    ),
    Country(
        "CA", "CAD", "+1 {} 555 01", 6, ("Inc.", "Ltd.", "Ltée"),
        _words("Tremblay, Gagné, Côté, Macdonald, Fraser, Bélanger, Leblanc, Singh"),
        _words("Amélie, Benoît, Claire, Duncan, Émile, Fiona, Gilles, Heather"),
        _words("{} King Street, {} rue Principale, {} Queen Street, {} chemin du Lac"),
        _words("Hamilton, Sherbrooke, London, Trois-Rivières, Kitchener, Lévis"),
    ),
    Country(
        "MX", "MXN", "+52 {} 000 0", 5, ("S.A. de C.V.", "S. de R.L."),
        _words("Hernández, García, Núñez, Peña, Ibáñez, Ramírez, Castañeda"),
        _words("José, María, Raúl, Sofía, Andrés, Lucía"),
        _words("Calle Hidalgo {}, Avenida Juárez {}, Calzada del Sol {}"),
        _words("Querétaro, León, Torreón, Mérida, Tijuana"),
    ),
    Country(
        "DE", "EUR", "+49 {} 000 0", 5, ("GmbH", "GmbH & Co. KG", "AG", "OHG", "e.K."),
        _words("Müller, Schröder, Weiß, Krüger, Jäger, Köhler, Vogt, Brandt, Böhm, Lang"),
        _words("Jürgen, Käthe, Björn, Ute, Jörg, Heike, Stefan, Anke"),
        _words("Hauptstraße {}, Mühlenweg {}, Industriestraße {}, Am Güterbahnhof {}"),
        _words("Köln, Göttingen, Lübeck, Würzburg, Saarbrücken, Kassel, Jena"),
    ),
    Country(
        "FR", "EUR", "+33 {} 000 0", 5, ("SA", "SARL", "SAS"),
        _words("Lefèvre, Rivière, Besançon, Girard, Moreau, Hélias, Faucher"),
        _words("Hélène, François, Noémie, Gérard, Zoé, Maël"),
        _words("{} rue de l'Église, {} avenue du Général, {} quai des Forges"),
        _words("Orléans, Nîmes, Besançon, Angoulême, Béziers, Lille"),
    ),
    Country(
        "GB", "GBP", "+44 {} 496 0", 6, ("Ltd", "PLC", "LLP"),
        _words("Ashworth, Barlow, Cooper, Dunne, Everett, Fairfax, Greaves, Holt"),
        _words("Alice, Colin, Edith, Graham, Imogen, Nigel"),
        _words("{} High Street, {} Station Road, {} Mill Lane, {} Foundry Row"),
        _words("Leeds, Stockport, Coventry, Derby, Swansea, Dundee"),
    ),
    Country(
        "ES", "EUR", "+34 {} 000 0", 5, ("S.A.", "S.L."),
        _words("Muñoz, Ibáñez, Domínguez, Gutiérrez, Peña, Roldán"),
        _words("Íñigo, Begoña, Ramón, Inés, Óscar, Nuria"),
        _words("Calle Mayor {}, Avenida de América {}, Plaza de España {}"),
        _words("Logroño, Córdoba, A Coruña, Málaga, Cáceres"),
    ),
    Country(
        "SE", "SEK", "+46 {} 000 0", 5, ("AB", "HB"),
        _words("Åkesson, Björk, Lindström, Nyström, Öberg, Sjögren"),
        _words("Åsa, Göran, Märta, Örjan, Sven, Karin"),
        _words("Storgatan {}, Kyrkvägen {}, Industrigatan {}"),
        _words("Malmö, Jönköping, Västerås, Örebro, Luleå"),
    ),
)  # fmt: skip
"""Words by country, the customer's likely home first."""
