"""Names of invented buyers, in the languages of the demo's markets."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = {
    "pt": _words(
        "Ana Beatriz Caio Cecília Davi Débora Eduardo Elisângela Fábio Fernanda Gonçalo Inês Ícaro Joana "
        "João José Júlia Kauã Larissa Letícia Lúcia Luís Márcia Matheus Mônica Murilo Natália Otávio "
        "Patrícia Rodrigo Sebastião Sílvia Sofia Tânia Thaís Vinícius Vitória Yasmin Zélia Antônio"
    ),
    "es": _words(
        "Adrián Álvaro Begoña Carmen Concepción Daniela Diego Elena Emilia Fermín Gabriela Gonzalo Inés "
        "Íñigo Javier Joaquín José Lucía Luz Marcos María Martín Mateo Mónica Nerea Nicolás Óscar Paula "
        "Raúl Rocío Santiago Sofía Tomás Úrsula Valentina Verónica Ximena Andrés"
    ),
    "en": _words(
        "Abigail Alice Andrew Brenda Charlotte Chloë Daniel Edward Eleanor Emily Fiona George Grace Hannah "
        "Harry Isla Jack James Joanna Liam Lucy Martin Megan Noah Oliver Owen Peter Renée Ruth Samuel Seán "
        "Sophie Thomas Victoria William Zoë"
    ),
}
FAMILY = {
    "pt": _words(
        "Abreu Almeida Araújo Assunção Barbosa Brandão Camões Cardoso Conceição Correia Costa Damasceno "
        "Falcão Farias Fonseca Galvão Gonçalves Guimarães Leitão Lourenço Magalhães Medeiros Melo Mendonça "
        "Moraes Nóbrega Oliveira Paixão Pereira Queirós Ribeiro Sampaio Santos Simões Souza Teixeira "
        "Valadão Vasconcelos Viana Xavier"
    ),
    "es": _words(
        "Aguirre Álvarez Benítez Cáceres Castaño Domínguez Echeverría Fernández García Gómez Guzmán "
        "Hernández Ibáñez Jiménez López Martínez Méndez Muñoz Núñez Ocaña Ordóñez Peña Pérez Quiñones "
        "Ramírez Ríos Rodríguez Sáenz Salazar Sánchez Suárez Torres Vázquez Velázquez Yáñez Zúñiga"
    ),
    "en": _words(
        "Adams Bennett Brontë Byrne Campbell Carter Clarke Collins Cooper Davies Edwards Evans Fletcher "
        "Foster Gallagher Harris Hughes Jenkins Kelly Lewis Mitchell Morgan Murphy Nolan O'Brien O'Connor "
        "Parker Quinn Reed Robinson Shaw Sullivan Turner Walker Wright Young"
    ),
}
STREETS = {
    "pt": ("Rua das Acácias", "Avenida dos Ipês", "Travessa da Fonte", "Rua do Sabiá"),
    "es": ("Calle del Olmo", "Avenida de los Cerezos", "Plaza del Roble", "Paseo de la Peña"),
    "en": ("Elm Street", "Orchard Lane", "Mill Road", "Station Avenue"),
}
