"""Photos over HTTP: upload, progress, words, removal, and the only way to a picture.

How a composer embeds photos
----------------------------
In the composer's own form (`enctype="multipart/form-data"`), with `school` and `group` in the context and `photos` a
list of Photo in order:

    {% include "photos/picker.html" with photos=photos school=school group=group refused=refused %}

The form then sends `photos` (names in order), `photo_alt-<name>`, and without JavaScript the files in `photo_files` and
the buttons `photo_up`, `photo_down`, `photo_drop`, `photo_add`. The composer's view reads that in one go:

    picked = read_picked(request.POST)                       # kring.photos.forms
    uploads = request.FILES.getlist(FILES)                   # kring.photos.forms.FILES

and its action (save draft, publish) calls

    picking = pick_photos(by=by, school=school, group=group, picked=picked, uploads=uploads)   # kring.photos.actions
    use_photos(by=by, photos=picking.photos, audience=post.audience, shown_from=post.visible_from, checked=True)

`picking.refused` are sentences for the teacher (give them to the picker as `refused`); when `picked.rearranged` is true
the composer shows its form again instead of publishing. With JavaScript the files are sent one by one to photos:upload
while the teacher types, and the form only sends names. On the page that shows a message:

    PhotoUse.objects.visible_to(viewer).for_audiences([post.audience_id, …])   # {audience id: [Photo, …]}, one query
    {% include "photos/picture.html" with photo=photo sizes="(min-width: 40rem) 36rem, 100vw" %}

which leaves out what this viewer may not see (limited guardians, hidden photos, photos still being made ready).
Sending the composer without any photo: `use_photos(photos=[], …)` hides what was shown. Withdrawing: `hide_uses`.
"""
