"""Where the person is in the queue, whatever is written and read meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from landmark_desktop.actions.review_queue import By, Group, Queue, Standing
from landmark_desktop.gui.review.course import Course


def single(ids: Sequence[int], answered: int = 0) -> Queue:
    return Queue(By.SINGLE, (), tuple(ids), Standing(len(ids), answered), 10)


def grouped(*groups: tuple[str, Sequence[int]]) -> Queue:
    found = tuple(Group(key, tuple(ids), ((key, len(ids)),), 0.9, 0.9) for key, ids in groups)
    ids = tuple(i for group in found for i in group.photos)
    return Queue(By.LANDMARK, found, ids, Standing(len(ids), 0), 10)


def at(queue: Queue) -> Course:
    course = Course()
    course.take(queue, course.begin_reading())
    return course


def test_an_answer_is_out_at_once_and_old_readings_do_not_bring_it_back() -> None:
    course = at(single([1, 2, 3]))
    mark = course.begin_reading()  # reads before the answer is written ...
    number = course.answer([1])
    assert course.targets == [2]
    course.written(number)
    course.take(single([1, 2, 3]), mark)  # ... and is delivered after it
    assert course.ids == [2, 3]
    assert course.standing == Standing(2, 1)
    course.take(single([2, 3], answered=1), course.begin_reading())
    assert course.ids == [2, 3]
    assert course.standing == Standing(2, 1)


def test_what_fails_or_is_taken_back_waits_again() -> None:
    course = at(single([1, 2, 3]))
    number = course.answer([1])
    course.written(number)
    assert course.given([1, 2]) == [1]
    course.come_back([1])
    course.take(single([1, 2, 3]), course.begin_reading())
    course.show_first(1)
    assert course.ids == [1, 2, 3]
    assert course.given([1, 2]) == []


def test_what_was_skipped_comes_last() -> None:
    course = at(single([1, 2, 3]))
    course.skip()
    assert course.ids == [2, 3, 1]
    assert course.asked(0.0).skipped == {1}


def test_the_rest_of_a_group_comes_after_the_other_groups() -> None:
    course = at(grouped(("a", [1, 2, 3]), ("b", [4])))
    course.toggle_out(2)
    assert course.targets == [1, 3]
    course.answer(course.targets)
    assert course.group is not None
    assert course.group.key == "b"
    assert [group.photos for group in course.groups] == [(4,), (2,)]
    course.answer(course.targets)
    assert course.targets == [2]
    course.answer([2])
    assert course.targets == []
    assert course.group is None


def test_reading_anew_leaves_the_person_where_they_are() -> None:
    course = at(grouped(("a", [1, 2]), ("b", [3, 4])))
    course.go_to(1)
    course.toggle_out(4)
    course.take(grouped(("c", [9]), ("a", [1, 2]), ("b", [3, 4])), course.begin_reading())
    assert course.place == 2
    assert course.targets == [3]
    course.take(grouped(("c", [9]), ("a", [1, 2])), course.begin_reading())
    assert course.group is not None


def test_what_changes_elsewhere_does_not_bring_back_an_answer_on_its_way() -> None:
    course = at(single([1, 2, 3]))
    number = course.answer([1])
    mark = course.begin_reading()
    course.come_back(frozenset([1]))  # a newer suggestion for it came in meanwhile
    course.take(single([1, 2, 3]), mark)
    assert course.ids == [2, 3]
    course.written(number)
    course.come_back(frozenset([1]))  # undone elsewhere
    course.take(single([1, 2, 3]), course.begin_reading())
    assert sorted(course.ids) == [1, 2, 3]


def test_an_answer_about_another_group_leaves_the_person_at_theirs() -> None:
    course = at(grouped(("a", [1, 2]), ("b", [3, 4]), ("c", [5])))
    course.go_to(1)
    course.answer([1])
    assert course.group is not None
    assert course.group.key == "b"
    assert [group.photos for group in course.groups] == [(2,), (3, 4), (5,)]
    assert course.waiting([1, 2, 9]) == [2]
