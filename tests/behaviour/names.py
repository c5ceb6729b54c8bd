"""Names of people of many cultures, made up for these tests: given names of women and men, family names, word order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Culture:
    """Lists of names; ``family_first`` where a full name starts with the family name."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    family_first: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody with a given and a family name; ``name`` is the full one, as news writes it."""

    given: str
    family: str
    woman: bool
    culture: str

    @property
    def name(self) -> str:
        """The full name in its culture's order."""
        words = (self.family, self.given) if CULTURES[self.culture].family_first else (self.given, self.family)
        return " ".join(words)

    @property
    def pronoun(self) -> str:
        """The pronoun of the subject."""
        return "she" if self.woman else "he"

    @property
    def courtesy(self) -> str:
        """What a newspaper puts before the family name."""
        return "Ms." if self.woman else "Mr."


def _culture(women: str, men: str, families: str, *, family_first: bool = False) -> Culture:
    return Culture(tuple(women.split(", ")), tuple(men.split(", ")), tuple(families.split(", ")), family_first)


CULTURES = {
    "English": _culture(
        "Ada, Ann, Helen, Margaret, Emily, Joan, Laura, Kate, Susan, Alice",
        "Mark, Bo, John, Peter, David, Tom, Simon, Robin, Darren, Neil",
        "Quill, Reed, Johnson, Smith, Polk, Carter, Sarvell, Orvell, Whitlock, Barrow, Hale, Thornby",
    ),
    "Arabic": _culture(
        "Fatima, Layla, Noura, Amina, Hanan, Rania, Salma, Zainab",
        "Hussein, Khaled, Omar, Yousef, Tariq, Samir, Faisal, Mahmoud",
        "Safadi, al-Masri, Haddad, Mansour, Al-Rashed, Khoury, Barakat, Nasser, al-Zubaidi, Ahmar",
    ),
    "Indian": _culture(
        "Priya, Sunita, Lakshmi, Meena, Anjali, Kavita, Deepa, Rekha",
        "Rajesh, Sanjay, Arvind, Vikram, Suresh, Manoj, Anil, Harish",
        "Nandi, Sharma, Chatterjee, Reddy, Iyer, Patel, Kulkarni, Shah, Venkataraman, Gowda",
    ),
    "Chinese": _culture(
        "Mei, Xiulan, Li-hua, Yanping, Jing, Shu-fen, Ying",
        "Wei, Jianguo, Guang-hui, Haoran, Zhiqiang, Wen-long, Bo",
        "Chen, Wang, Zhao, Huang, Liu, Xu, Zhang, Deng, Ouyang, Lin",
        family_first=True,
    ),
    "Nigerian": _culture(
        "Ngozi, Adaeze, Folake, Amaka, Yetunde, Chioma, Halima, Bisi",
        "Emeka, Babatunde, Chinedu, Olumide, Ikenna, Musa, Segun, Uche",
        "Okafor, Adeyemi, Nwosu, Ogunleye, Eze, Danjuma, Okonkwo, Balogun, Bello, Onwuka",
    ),
    "Spanish": _culture(
        "Carmen, Lucía, Pilar, Rosa, Inés, Ximena, Beatriz",
        "Javier, Sandro, Joaquín, Andrés, Ramón, Iñigo, Ernesto",
        "Gómez, Herrera, Melim, de la Cruz, Núñez, Villalobos, del Río, Ortega, Zapata, Fuentes",
    ),
    "Portuguese": _culture(
        "Maria, Benedita, Joana, Luzia, Marisa, Conceição",
        "Paulo, Tiago, Nelson, Duarte, Rui, Edson",
        "do Carmo, da Silva, dos Santos, Barros, de Almeida, Tavares, Moreira, da Fonseca, Pires",
    ),
    "Russian": _culture(
        "Olga, Irina, Svetlana, Natalia, Yelena, Darya",
        "Dmitry, Sergei, Alexei, Igor, Pavel, Oleg",
        "Verrin, Morozov, Sidorenko, Gusev, Lebedev, Kravchuk, Zaitsev, Orlov, Belov, Petrenko",
    ),
    "Korean": _culture(
        "Ji-woo, Soo-jin, Min-ji, Hye-rin, Eun-ju",
        "Tae-yeol, Min-won, Jong-su, Sang-ho, Dong-hyun",
        "Yoon, Chang, Kang, Shin, Kwon, Bae, Hwang, Seo, Moon",
        family_first=True,
    ),
    "Turkish": _culture(
        "Elif, Ayşe, Zeynep, Derya, Nurhan",
        "Mehmet, Emre, Kemal, Orhan, Cem",
        "Yücel, Demirtaş, Aksoy, Öztürk, Kaplan, Şahin, Tekin, Erdem, Çelik",
    ),
    "East African": _culture(
        "Wanjiru, Achieng, Selam, Tigist, Neema, Akinyi",
        "Kamau, Otieno, Tesfaye, Juma, Mwangi, Abebe",
        "Nandoro, Kiprono, Odhiambo, Bekele, Mutua, Wekesa, Tadesse, Njoroge, Mwamba, Girma",
    ),
    "Indonesian": _culture(
        "Dewi, Siti, Wulan, Retno, Ayu",
        "Budi, Agus, Hendra, Bambang, Rizal",
        "Santoso, Wibowo, Kusuma, Hidayat, Siregar, Pranoto, Suryadi, Nasution",
    ),
    "Polish": _culture(
        "Agnieszka, Zofia, Halina, Małgorzata, Ewa",
        "Tomasz, Piotr, Wojciech, Jerzy, Stanisław",
        "Kowalski, Wójcik, Nowak, Zieliński, Dąbrowski, Mazur, Krawczyk, Szymański",
    ),
    "French": _culture(
        "Amélie, Claire, Françoise, Sylvie, Hélène",
        "Luc, Jean-Marc, Étienne, Pascal, Thierry",
        "Lefèvre, Moreau, de Villiers, Girard, Rousseau, Le Goff, Bonnet, Chevalier",
    ),
    "Vietnamese": _culture(
        "Thi Lan, Minh Chau, Bich Ngoc, Thu Ha",
        "Van Duc, Quang Huy, Tuan Anh, Duc Thang",
        "Nguyen, Tran, Pham, Le, Hoang, Vo, Dang",
        family_first=True,
    ),
}
